package dev.assay.internal.sampler.gp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.sampler.Samplers;
import dev.assay.sampler.Trials;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Objective;
import dev.assay.trial.Sampler;
import dev.assay.trial.TrialRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Objectives with plateaus.
abstract class GpPlateauCase {
  static final SearchSpace SQUARE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).add("w", new FloatRange(0, 1)).build();

  static final SearchSpace LINE = SearchSpace.builder().add("x", new FloatRange(0, 1)).build();

  static Sampler single() {
    return Samplers.create("gp", Map.of("model", "single", "noisy", "no"));
  }

  static List<TrialRecord> search(
      SearchSpace space, int trials, Function<Configuration, double[]> outcome, Objective... of) {
    return Trials.search(
        single(),
        Trials.task(space, 1, of),
        trials,
        proposal -> outcome.apply(proposal.configuration()));
  }

  static void assertDistinct(List<TrialRecord> trials, int expected) {
    assertThat(trials).hasSize(expected);
    assertThat(new HashSet<>(Trials.configurations(trials))).hasSize(expected);
  }

  static long explored(List<TrialRecord> trials) {
    return trials.stream().filter(t -> t.notes().containsKey("explores")).count();
  }
}
