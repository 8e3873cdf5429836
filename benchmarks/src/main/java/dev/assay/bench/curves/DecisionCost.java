package dev.assay.bench.curves;

import dev.assay.bench.Measurement;
import dev.assay.random.Philox;
import dev.assay.random.Streams;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.SearchTask;
import dev.assay.trial.Segment;
import dev.assay.trial.TrialRecord;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What one decision of `freeze_thaw` costs beside 200 trainings of 50 steps, by processor time of
/// one thread: the trials that it proposes are ended one by one, as in a study.
final class DecisionCost {
  private static final int CURVES = 200;
  private static final int STEPS = 50;
  private static final int DIMENSIONS = 8;
  private static final int DECISIONS = 500;
  private static final long[] ENDS = {1, 2, 4, 6, 9, 13, 19, 27, 37, 50};

  private DecisionCost() {}

  private static double loss(Configuration x, long step) {
    double sum = 0;
    for (int i = 0; i < DIMENSIONS; i++) {
      sum += (x.code(i) - 0.3) * (x.code(i) - 0.3);
    }
    return sum + Math.exp(-step / 10.0);
  }

  private static TrialRecord ended(int number, Proposal proposal) {
    var waiting = TrialRecord.waiting(number, proposal);
    var segment = Objects.requireNonNull(Segment.of(waiting));
    double loss = loss(proposal.configuration(), segment.to());
    return waiting.ended(Outcome.complete(loss), List.of(), Map.of(), 1);
  }

  /// Trainings, each looked at at every share of its steps but the last.
  private static List<TrialRecord> history(SearchSpace space) {
    var random = new Philox(1, 1);
    var finished = new ArrayList<TrialRecord>();
    for (int k = 0; k < CURVES; k++) {
      var configuration = space.draw(random);
      for (int i = 0; i < ENDS.length - 1; i++) {
        var segment =
            new Segment(
                i == 0 ? null : finished.size() - 1,
                i == 0 ? 0 : ENDS[i - 1],
                ENDS[i],
                (long) STEPS);
        finished.add(ended(finished.size(), new Proposal(configuration, segment.notes())));
      }
    }
    return finished;
  }

  static List<Measurement> measure() {
    var builder = SearchSpace.builder();
    for (int i = 0; i < DIMENSIONS; i++) {
      builder.add("x" + i, new FloatRange(0, 1));
    }
    var space = builder.build();
    var task = new SearchTask(space, List.of(Objective.minimize("loss")), new Streams(1), 0);
    var finished = history(space);
    var threads = ManagementFactory.getThreadMXBean();
    var milliseconds = new double[DECISIONS];
    double opening = 0;
    try (var proposer = Samplers.freezeThaw(STEPS).open(task)) {
      for (int i = -1; i < DECISIONS; i++) {
        long start = threads.getCurrentThreadCpuTime();
        var proposal =
            Objects.requireNonNull(
                proposer.propose(finished.size(), History.of(finished, List.of())));
        double spent = (threads.getCurrentThreadCpuTime() - start) * 1e-6;
        if (i < 0) {
          opening = spent;
        } else {
          milliseconds[i] = spent;
        }
        finished.add(ended(finished.size(), proposal));
      }
    }
    Arrays.sort(milliseconds);
    var parameters = Map.of("curves", String.valueOf(CURVES), "steps", String.valueOf(STEPS));
    return List.of(
        measurement(
            "curves.decision",
            parameters,
            Arrays.stream(milliseconds).average().orElse(0),
            milliseconds),
        measurement("curves.opening", parameters, opening, new double[] {opening}));
  }

  private static Measurement measurement(
      String name, Map<String, String> parameters, double mean, double[] ascending) {
    return new Measurement(
        name,
        parameters,
        mean,
        null,
        "ms of processor time",
        CurveRace.median(ascending),
        ascending[(int) Math.ceil(0.99 * ascending.length) - 1],
        null,
        null);
  }
}
