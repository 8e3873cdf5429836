package dev.assay.internal.sampler.gp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.surrogate.SurrogateMemory;
import dev.assay.sampler.Trials;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Proposal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FitNotesTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  private static SurrogateMemory read(Map<String, @Nullable Object> notes) {
    var x = SPACE.configuration(Map.of("x", 0.5));
    var trials =
        List.of(
            Trials.complete(0, new Proposal(x), 1), Trials.complete(1, new Proposal(x, notes), 2));
    return FitNotes.last(History.of(trials, List.of())).getFirst();
  }

  /// Studies of earlier versions go on from what they noted.
  @ParameterizedTest
  @ValueSource(strings = {"log_posterior", "evidence"})
  void theLogPosteriorIsReadUnderBothItsNames(String name) {
    var notes = new LinkedHashMap<String, @Nullable Object>();
    notes.put("fitted", 1L);
    notes.put(name, -3.5);
    notes.put("theta", Map.of("product", List.of(0.1, 0.2)));
    assertThat(read(notes).logPosterior()).isEqualTo(-3.5);
    assertThat(read(notes).theta().get("product")).containsExactly(0.1, 0.2);
  }

  @Test
  void whatIsWrittenIsRead() {
    var memory = new SurrogateMemory(2, 7.25, Map.of("single", new double[] {1, 2}));
    var read = read(FitNotes.of(List.of(memory), null, GpEngine.standard()));
    assertThat(read.logPosterior()).isEqualTo(7.25);
    assertThat(read.size()).isEqualTo(2);
  }
}
