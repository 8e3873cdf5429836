package dev.assay.internal.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.random.Streams;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RivalryTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder().add("x", new FloatRange(0, 1)).add("y", new FloatRange(0, 1)).build();

  private final List<TrialRecord> trials = new ArrayList<>();

  private void end(String sampler, double value) {
    var configuration = SPACE.configuration(Map.of("x", 0.5, "y", 0.5));
    trials.add(
        TrialRecord.waiting(
                trials.size(), new Proposal(configuration, Map.of(AutoSampler.NOTE, sampler)))
            .ended(Outcome.complete(value), List.of(), Map.of(), 1));
  }

  private Rivalry rivalry() {
    var task = new SearchTask(SPACE, List.of(Objective.minimize("loss")), new Streams(0), 0);
    var rivalry = new Rivalry(task, "cmaes", "tpe");
    rivalry.follow(History.of(trials, List.of()));
    return rivalry;
  }

  /// Of four turns of a hundred trials the leader has three.
  @Test
  void theOtherHasEveryFourthTurn() {
    for (int turn = 0; turn < 8; turn++) {
      assertThat(rivalry().isForCmaes(100 * turn + 99)).isEqualTo(turn % 4 != 3);
    }
  }

  /// It leads as long as its last hundred trials found better than the hundred before; then whoever
  /// found the better value does, and CMA-ES where both found the same.
  @Test
  void whoFoundTheBetterValueLeadsOnceCmaesStandsStill() {
    for (int i = 0; i < 200; i++) {
      end("cmaes", i < 100 ? 3 : 2);
    }
    end("tpe", 1);
    assertThat(rivalry().cmaesLeads()).as("on its way").isTrue();
    for (int i = 0; i < 100; i++) {
      end("cmaes", 2);
    }
    assertThat(rivalry().cmaesLeads()).as("it stands still").isFalse();
    end("cmaes", 1);
    for (int i = 0; i < 200; i++) {
      end("cmaes", 1);
    }
    assertThat(rivalry().cmaesLeads()).as("both found the same").isTrue();
    end("tpe", 0.5);
    assertThat(rivalry().cmaesLeads()).isFalse();
    assertThat(rivalry().isForCmaes(0)).isFalse();
    assertThat(rivalry().isForCmaes(300)).isTrue();
  }
}
