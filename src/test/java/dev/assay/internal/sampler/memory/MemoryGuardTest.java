package dev.assay.internal.sampler.memory;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.sampler.cost.SizeFeatures;
import dev.assay.random.Philox;
import dev.assay.random.Streams;
import dev.assay.sampler.Samplers;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.Segment;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryGuardTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder()
          .add("learning_rate", FloatRange.log(1e-4, 1e-1))
          .add("batch_size", Choice.of(16, 32, 64, 128, 256, 512))
          .add("hidden", IntRange.log(64, 2048))
          .add("layers", new IntRange(1, 8))
          .build();

  /// Of evenly drawn configurations two fifths need more.
  private static final double GIBIBYTES = 1.157;

  private static double number(Configuration configuration, String name) {
    return ((Number) requireNonNull(configuration.values().get(name))).doubleValue();
  }

  /// Weights and their moments, and activations.
  private static double gibibytes(Configuration c) {
    double hidden = number(c, "hidden");
    double weights = number(c, "layers") * hidden * hidden;
    double activations = number(c, "batch_size") * hidden * number(c, "layers");
    return 0.5 + (320 * weights + 1280 * activations) / (1 << 30);
  }

  /// The larger, the better: the best that fits is where memory ends.
  private static Outcome outcome(Configuration c) {
    if (gibibytes(c) > GIBIBYTES) {
      return Outcome.failed(Cause.OUT_OF_MEMORY, "CUDA out of memory");
    }
    double rate = Math.log(number(c, "learning_rate") / 3e-3);
    return Outcome.complete(
        0.1 * rate * rate
            + 0.15 * Math.log(2048 / number(c, "hidden"))
            + 0.03 * (8 - number(c, "layers")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tpe", "gp"})
  void fewTrialsAreLostToMemory(String sampler) {
    int lost = 0;
    int all = 0;
    for (int seed = 1; seed <= 2; seed++) {
      try (var study =
          Study.over(SPACE)
              .minimize("loss")
              .sampler(Samplers.create(sampler, Map.of()))
              .seed(seed)
              .open()) {
        study.run((c, _) -> outcome(c), Budget.trials(80));
        for (var trial : study.trials().subList(20, 80)) {
          lost += trial.state() == TrialState.FAILED ? 1 : 0;
          all++;
        }
      }
    }
    assertThat(lost).isLessThanOrEqualTo(all / 20);
  }

  /// Proposes the same configuration always.
  private record Stubborn(Proposal proposal) implements Sampler.Proposer {
    @Override
    public Proposal propose(int trial, History history) {
      return proposal;
    }
  }

  private static Proposal moved(History history, Proposal proposal) {
    var task = new SearchTask(SPACE, List.of(Objective.minimize("loss")), new Streams(1), 0);
    try (var guard = MemoryGuard.of(new Stubborn(proposal), task)) {
      return requireNonNull(guard.propose(history.size(), history));
    }
  }

  private static Configuration of(double batch, double hidden, double layers) {
    return SPACE.fromCodes(new double[] {1e-2, batch, hidden, layers});
  }

  /// Drawn evenly: so many for which memory ran out, and 25 that fitted.
  private static History history(int failures) {
    var finished = new ArrayList<TrialRecord>();
    var random = new Philox(1, 1);
    int failed = 0;
    while (finished.size() < failures + 25) {
      var c = SPACE.draw(random);
      boolean fails = gibibytes(c) > GIBIBYTES;
      if (fails ? failed < failures : finished.size() - failed < 25) {
        failed += fails ? 1 : 0;
        finished.add(
            TrialRecord.waiting(finished.size(), new Proposal(c))
                .ended(outcome(c), List.of(), Map.of(), 1));
      }
    }
    return History.of(finished, List.of());
  }

  @Test
  void whatIsTooLargeIsMovedToWhereMemoryIsEnough() {
    var wanted = new Proposal(of(5, 1990, 7), Map.of("why", "large"));
    var moved = moved(history(15), wanted);
    assertThat(gibibytes(moved.configuration())).isLessThan(gibibytes(wanted.configuration()));
    assertThat(moved.notes()).containsEntry("why", "large").containsEntry("moved", "memory");
    assertThat(moved(history(15), wanted)).isEqualTo(moved);
  }

  @Test
  void oneFailureMayHaveBeenSomebodyElses() {
    var wanted = new Proposal(of(5, 1990, 7));
    assertThat(moved(history(1), wanted)).isSameAs(wanted);
  }

  @Test
  void whatIsKnownToFitStays() {
    var wanted = new Proposal(of(0, 85, 1));
    assertThat(moved(history(15), wanted)).isSameAs(wanted);
  }

  @Test
  void whatGoesOnFromACheckpointStays() {
    var segment = new Segment(3, 5, 10, 50L);
    var wanted = new Proposal(of(5, 1990, 7), Map.copyOf(segment.notes()));
    assertThat(moved(history(15), wanted)).isSameAs(wanted);
  }

  /// The third failure of a study says little: a chance of one in six is still taken, and after a
  /// fifth no more.
  @Test
  void oneLossMoreIsNoReasonToBeTimid() {
    for (int failures : new int[] {3, 5}) {
      var history = history(failures);
      var features = new SizeFeatures(SPACE);
      var model = model(history, features);
      var random = new Philox(2, 1);
      var c = SPACE.draw(random);
      for (double chance = 0; chance < 0.1 || chance > 0.22; ) {
        c = SPACE.draw(random);
        chance = model.chance(features.of(c));
      }
      var wanted = new Proposal(c);
      if (failures == 3) {
        assertThat(moved(history, wanted)).isSameAs(wanted);
      } else {
        assertThat(moved(history, wanted).notes()).containsEntry("moved", "memory");
      }
    }
  }

  private static MemoryModel model(History history, SizeFeatures features) {
    var points = new ArrayList<double[]>();
    var ranOut = new ArrayList<Boolean>();
    // In the guard's order, which decides the last bits.
    for (boolean fails : new boolean[] {true, false}) {
      for (var trial : history.finished()) {
        if (fails == (trial.state() == TrialState.FAILED)) {
          points.add(features.of(trial.configuration()));
          ranOut.add(fails);
        }
      }
    }
    return requireNonNull(MemoryModel.of(points, ranOut));
  }

  @Test
  void chancesFollowWhatWasSeen() {
    var features = new SizeFeatures(SPACE);
    var model = model(history(15), features);
    assertThat(model.chance(features.of(of(5, 2048, 8)))).isGreaterThan(0.7);
    assertThat(model.chance(features.of(of(0, 64, 1)))).isLessThan(0.1);
  }
}
