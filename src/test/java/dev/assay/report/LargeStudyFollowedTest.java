package dev.assay.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.InMemoryStorage;
import dev.assay.storage.StoredStudy;
import dev.assay.study.Study;
import dev.assay.study.Trial;
import dev.assay.trial.Outcome;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is read of a study in parts while it grows is what is read of it at once.
class LargeStudyFollowedTest {
  private static final int MOST = 500;

  private final InMemoryStorage storage = new InMemoryStorage();
  private final Random random = new Random(7);
  private final List<Trial<Configuration>> open = new ArrayList<>();
  private Study<Configuration> study;

  @BeforeEach
  void begin() {
    study =
        Study.over(
                SearchSpace.builder()
                    .add("x", new FloatRange(0, 1))
                    .add("size", new IntRange(1, 9))
                    .build())
            .named("s")
            .minimize("loss")
            .sampler(Samplers.random())
            .seed(3)
            .storage(storage)
            .openOrCreate();
    study.putFact(StudyView.CONTEXT, List.of("size"));
  }

  @AfterEach
  void close() {
    study.close();
    storage.close();
  }

  private StoredStudy stored() {
    return storage.read("s").orElseThrow();
  }

  /// Of ten trials one stays open, and may end while others do.
  private void grow(int trials) {
    for (int i = 0; i < trials; i++) {
      open.add(study.ask());
      if (random.nextInt(10) > 0) {
        end(open.removeLast());
      }
      if (open.size() > 40) {
        end(open.remove(random.nextInt(open.size())));
      }
    }
  }

  /// Values of few digits, so that some are equal.
  private void end(Trial<Configuration> trial) {
    double value = Math.rint(2000 * random.nextDouble()) / 2000;
    study.tell(trial, random.nextInt(20) == 0 ? new Outcome.Pruned() : Outcome.complete(value));
  }

  private static void assertAsReadAtOnce(LargeStudy followed, LargeStudy fresh) {
    var now = followed.source();
    var once = fresh.source();
    assertThat(now.whole().size()).isEqualTo(once.whole().size());
    for (var state : TrialState.values()) {
      assertThat(now.whole().count(state)).as("%s", state).isEqualTo(once.whole().count(state));
    }
    assertThat(now.whole().lastMillis()).isEqualTo(once.whole().lastMillis());
    assertThat(now.page().best()).isEqualTo(once.page().best());
    assertThat(now.whole().decisions()).hasSize(9).isEqualTo(once.whole().decisions());
    assertThat(now.whole().trials()).isEqualTo(once.whole().trials());
    assertThat(now.page().trials()).isEqualTo(once.page().trials());
  }

  @Test
  void readInPartsOrAtOnceItIsTheSame() {
    grow(300);
    var followed = LargeStudy.read(stored(), MOST, null);
    for (int look = 0; look < 12; look++) {
      grow(150);
      assertThat(followed.since(stored())).isSameAs(followed);
      assertAsReadAtOnce(followed, LargeStudy.read(stored(), MOST, null));
    }
    assertThat(followed.source().isSample()).isTrue();
    assertThat(followed.source().whole().trials()).hasSizeLessThan(700);
  }

  @Test
  void trialsThatDidNotChangeAreTheSameObjects() {
    grow(3000);
    var followed = LargeStudy.read(stored(), MOST, null);
    var before = followed.source();
    grow(20);
    var parts = followed.since(stored()).source();
    var again = LargeStudy.again(followed, stored()).source();
    for (var now : List.of(parts, again)) {
      assertThat(now.page().trials().stream().filter(trial -> isShared(before.page(), trial)))
          .hasSizeGreaterThan(now.page().trials().size() * 4 / 5);
      for (var trial : now.page().trials()) {
        var earlier = before.page().trial(trial.number()).orElse(trial);
        assertThat(earlier == trial || !earlier.equals(trial)).isTrue();
      }
    }
  }

  private static boolean isShared(StudyView before, TrialRecord trial) {
    return before.trial(trial.number()).filter(one -> one == trial).isPresent();
  }

  @Test
  void whatIsGivenMayBeSaidLater() {
    study.putFact(StudyView.CONTEXT, List.of());
    grow(1500);
    var followed = LargeStudy.read(stored(), MOST, null);
    assertThat(followed.source().whole().decisions()).isEmpty();
    study.putFact(StudyView.CONTEXT, List.of("size"));
    assertThat(followed.since(stored()).source().whole().decisions()).hasSize(9);
  }
}
