package dev.assay.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.sampler.Samplers;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialRecord;
import org.junit.jupiter.api.Test;

class ImportanceSampleTest {
  private static final int TRIALS = 4096;

  private static InMemoryStorage storage() {
    var space =
        SearchSpace.builder().add("x", new FloatRange(0, 1)).add("y", new FloatRange(0, 1)).build();
    var storage = new InMemoryStorage();
    try (var study =
        Study.over(space)
            .named("s")
            .minimize("loss")
            .sampler(Samplers.random())
            .seed(3)
            .storage(storage)
            .openOrCreate()) {
      var _ =
          study.run(
              (configuration, _) -> Outcome.complete(configuration.number("x")),
              Budget.trials(TRIALS));
    }
    return storage;
  }

  @Test
  void ofFewAllAreRead() {
    try (var storage = storage()) {
      var sample = ImportanceDocument.sample(storage.read("s").orElseThrow(), TRIALS);
      assertThat(sample.sampleOf()).isNull();
      assertThat(sample.view().trials()).hasSize(TRIALS);
    }
  }

  @Test
  void ofManyASampleThatFollowsNoPatternOfTheirNumbers() {
    try (var storage = storage()) {
      var sample = ImportanceDocument.sample(storage.read("s").orElseThrow(), 1000);
      assertThat(sample.sampleOf()).isEqualTo(TRIALS);
      var trials = sample.view().trials();
      assertThat(trials).hasSizeBetween(400, 1000);
      // Of each eighth of a batch of eight about as many: were they chosen by strides, of one all.
      for (int place = 0; place < 8; place++) {
        int eighth = place;
        assertThat(trials.stream().mapToInt(TrialRecord::number).filter(n -> n % 8 == eighth))
            .hasSizeBetween(trials.size() / 16, trials.size() / 4);
      }
      var importances = ImportanceDocument.importances(sample.view(), null);
      assertThat(importances.getFirst().ranked().getFirst().name()).isEqualTo("x");
      assertThat(ImportanceDocument.of(sample, importances)).containsEntry("sample_of", TRIALS);
    }
  }
}
