package dev.assay.compare;

import dev.assay.run.table.TableRunner;
import dev.assay.study.StudyListener;
import dev.assay.trial.Direction;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Watches one run: when its best value changed. Trials that break an outcome constraint are no
/// candidates. A study calls its listeners one at a time.
final class RunRecorder implements StudyListener {
  /// What a trial took, where trials say nothing else by that name.
  private static final String SECONDS = "seconds";

  private final List<Objective> objectives;
  private final Direction direction;
  private final @Nullable String metric;
  private final List<Integer> trials = new ArrayList<>();
  private final List<Double> values = new ArrayList<>();
  private final List<Double> seconds = new ArrayList<>();
  private final List<Double> simulated = new ArrayList<>();
  private final List<Double> costs = new ArrayList<>();
  private double cost;
  private long startNanos;
  private int ended;
  private int completed;
  private int pruned;
  private int failed;

  /// @param metric that says what a trial cost; null: none does
  RunRecorder(List<Objective> objectives, @Nullable String metric) {
    this.objectives = objectives;
    this.metric = metric;
    direction = objectives.getFirst().direction();
  }

  void begin() {
    startNanos = System.nanoTime();
  }

  @Override
  public void ended(TrialRecord trial) {
    ended++;
    var said = metric == null ? null : trial.metric(metric, objectives);
    if (said == null && SECONDS.equals(metric)) {
      said = trial.seconds();
    }
    if (said != null && said > 0 && Double.isFinite(said)) {
      cost += said;
    }
    switch (trial.state()) {
      case COMPLETE -> complete(trial);
      case PRUNED -> pruned++;
      case FAILED -> failed++;
      case WAITING, RUNNING, DISCARDED ->
          throw new IllegalStateException(trial.state() + " is no end");
    }
  }

  private void complete(TrialRecord trial) {
    completed++;
    boolean allowed = trial.constraints().stream().allMatch(excess -> excess <= 0);
    if (!allowed || !values.isEmpty() && !direction.better(trial.value(), values.getLast())) {
      return;
    }
    trials.add(ended);
    values.add(trial.value());
    costs.add(cost);
    seconds.add((System.nanoTime() - startNanos) * 1e-9);
    if (trial.attributes().get(TableRunner.TIMELINE) instanceof Map<?, ?> timeline
        && timeline.get("end") instanceof Number end) {
      simulated.add(end.doubleValue());
    }
  }

  FinishedRun finished(
      String problem,
      String sampler,
      long seed,
      String fingerprint,
      @Nullable Double clock,
      double suggestSeconds) {
    return new FinishedRun(
        problem,
        sampler,
        seed,
        fingerprint,
        ended,
        completed,
        pruned,
        failed,
        (System.nanoTime() - startNanos) * 1e-9,
        suggestSeconds,
        clock,
        cost > 0 ? (Double) cost : null,
        new FinishedRun.Improvements(
            trials.stream().mapToInt(Integer::intValue).toArray(),
            doubles(values),
            doubles(seconds),
            clock == null ? null : doubles(simulated),
            cost > 0 ? doubles(costs) : null));
  }

  private static double[] doubles(List<Double> list) {
    return list.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
