package dev.assay.run.table;

import dev.assay.space.Configuration;
import dev.assay.study.Asked;
import dev.assay.study.Study;
import dev.assay.study.Trial;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import dev.assay.trial.Segment;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A discrete-event simulation of workers that run what a table recorded. One thread; the clock
/// jumps from event to event.
///
/// An *event* is the end of a run, or a point of its curve. Events of one moment happen in the
/// order in which they were planned, so that a replay is the same every time.
final class Replay {
  /// Between two looks at what others did.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /// How long events may be written together, in nanoseconds of this world.
  private static final long SLICE_NANOS = 20_000_000L;

  /// Fewer events in a slice are not worth it: their trials wait for a slow sampler.
  private static final int WORTHWHILE = 16;

  /// Every so often the storage is left alone for as long as SQLite lets pass between two tries to
  /// get it: another process that wants to join comes to it.
  private static final long BREATH_EVERY_NANOS = 2_000_000_000L;

  private static final long BREATH_MILLIS = 110;

  private record Event(double time, long order, Run run) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Double.compare(time, other.time);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  /// A trial on a worker.
  private static final class Run {
    final Trial<Configuration> trial;
    final int worker;
    final int row;

    /// When it started, on the simulated clock.
    final double start;

    /// What had been paid before for the steps that it goes on from.
    final double paid;

    /// The points of its curve when it ends.
    final int last;

    int point;

    Run(
        Trial<Configuration> trial,
        int worker,
        int row,
        double start,
        int first,
        int last,
        double paid) {
      this.trial = trial;
      this.worker = worker;
      this.row = row;
      this.start = start;
      this.paid = paid;
      this.last = last;
      point = first;
    }
  }

  private final Study<Configuration> study;
  private final Budget budget;
  private final ReplayTable table;
  private final RecordedRuns runs;
  private final RecordedRuns.Repeats repeats;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final TreeSet<Integer> free = new TreeSet<>();
  private final double limit;
  private double clock;
  private long order;
  private long waitedNanos;
  private @Nullable StopReason reason;

  /// @param workers how many run at once
  Replay(
      Study<Configuration> study,
      Budget budget,
      int workers,
      ReplayTable table,
      RecordedRuns runs,
      RecordedRuns.Repeats repeats) {
    this.study = study;
    this.budget = budget;
    this.table = table;
    this.runs = runs;
    this.repeats = repeats;
    for (int worker = 0; worker < workers; worker++) {
      free.add(worker);
    }
    clock = latestEnd();
    limit =
        budget.time() == null ? Double.POSITIVE_INFINITY : clock + budget.time().toNanos() * 1e-9;
  }

  private double latestEnd() {
    return study.trials().stream().mapToDouble(Replay::end).max().orElse(0);
  }

  /// When a trial ended that this replay did not run.
  private static double end(TrialRecord trial) {
    return trial.attributes().get(TableRunner.TIMELINE) instanceof Map<?, ?> map
            && map.get("end") instanceof Number end
        ? end.doubleValue()
        : 0;
  }

  /// Runs until the budget is used.
  StopReason run() {
    try {
      start();
      long breath = System.nanoTime();
      int happened = WORTHWHILE;
      while (!events.isEmpty()) {
        if (happened < WORTHWHILE) {
          happened = slice();
        } else {
          var count = new AtomicInteger();
          study.together(() -> count.set(slice()));
          happened = count.get();
        }
        if (Thread.interrupted()) {
          throw new InterruptedException("the replay was interrupted");
        }
        if (events.isEmpty()) {
          start();
        }
        if (System.nanoTime() - breath > BREATH_EVERY_NANOS) {
          Thread.sleep(BREATH_MILLIS);
          breath = System.nanoTime();
        }
      }
      return reason == null ? StopReason.TRIALS : reason;
    } catch (InterruptedException e) {
      events.forEach(event -> study.release(event.run().trial));
      return StopReason.INTERRUPTED;
    }
  }

  /// Lets events happen for some milliseconds.
  ///
  /// @return how many
  private int slice() {
    long end = System.nanoTime() + SLICE_NANOS;
    int happened = 0;
    while (!events.isEmpty()
        && System.nanoTime() < end
        && !Thread.currentThread().isInterrupted()) {
      var event = events.remove();
      clock = event.time();
      happen(event.run());
      happened++;
      startWithoutWaiting();
    }
    return happened;
  }

  /// The simulated time so far.
  double clock() {
    return clock;
  }

  /// How long it waited for others, in seconds of this world.
  double waitedSeconds() {
    return waitedNanos * 1e-9;
  }

  /// Gives trials to free workers; where that is all that can happen, waits for them.
  private void start() throws InterruptedException {
    startWithoutWaiting();
    while (events.isEmpty() && !free.isEmpty() && reason == null) {
      awaitOthers();
      startWithoutWaiting();
    }
  }

  private void startWithoutWaiting() {
    while (!free.isEmpty() && reason == null) {
      if (clock >= limit && !study.endByTime()) {
        reason = StopReason.TIME;
        return;
      }
      switch (study.tryAsk(budget)) {
        case Asked.Ready<Configuration>(var trial) -> begin(trial);
        case Asked.Finished<Configuration>(var why) -> reason = why;
        case Asked.Wait<Configuration>() -> {
          return;
        }
      }
    }
  }

  /// Nothing is under way here: another process has trials, or somebody paused the study. What was
  /// waited for had ended by then on the simulated clock too.
  private void awaitOthers() throws InterruptedException {
    long start = System.nanoTime();
    study.awaitChange(PATIENCE);
    waitedNanos += System.nanoTime() - start;
    clock = Math.max(clock, latestEnd());
  }

  private void begin(Trial<Configuration> trial) {
    int row = table.row(trial.parameters());
    if (row < 0) {
      study.tellIfHeld(trial, Outcome.failed(Cause.ERROR, "the table has no such configuration"));
      return;
    }
    trial.attribute("row", row);
    if (!table.isGrid()) {
      trial.attribute("row_parameters", table.parameters(row));
    }
    int points = runs.points(row);
    var segment = trial.segment();
    int first = segment == null ? 0 : runs.pointsUpTo(row, segment.from());
    // A segment has a point at least: without one nobody would learn anything from it.
    int last =
        segment == null
            ? points
            : Math.min(points, Math.max(first + 1, runs.pointsUpTo(row, segment.to())));
    if (segment != null && last == points && !failsLater(row, segment, trial.seed())) {
      trial.attribute(Segment.THROUGH, true);
    }
    var worker = java.util.Objects.requireNonNull(free.pollFirst());
    double paid = first == 0 ? 0 : runs.cost(row, first - 1);
    plan(new Run(trial, worker, row, clock, first, last, paid));
  }

  private void plan(Run run) {
    double cost =
        run.point < runs.points(run.row) ? runs.cost(run.row, run.point) : runs.cost(run.row);
    // A recorded clock may stand still, but it never runs backwards.
    events.add(new Event(Math.max(clock, run.start + cost - run.paid), order++, run));
  }

  private void happen(Run run) {
    if (run.point >= run.last) {
      end(run, outcome(run));
      return;
    }
    var decision = run.trial.report(runs.step(run.row, run.point), runs.values(run.row, run.point));
    run.point++;
    if (run.point == run.last) {
      end(run, outcome(run));
    } else if (decision.prune()) {
      end(run, Outcome.pruned());
    } else {
      plan(run);
    }
  }

  /// What is recorded at the end of a row's curve, or what the curve has where a segment ends.
  private Outcome outcome(Run run) {
    var segment = run.trial.segment();
    boolean goesOn =
        run.last < runs.points(run.row)
            || segment != null && failsLater(run.row, segment, run.trial.seed());
    return goesOn
        ? Outcome.complete(runs.values(run.row, run.last - 1))
        : runs.outcome(run.row, repeats, run.trial.seed());
  }

  /// Whether a row's run failed, but not before the end of a segment.
  private boolean failsLater(int row, Segment segment, long seed) {
    int points = runs.points(row);
    return points > 0
        && segment.from() < runs.step(row, points - 1)
        && segment.to() <= runs.step(row, points - 1)
        && !(runs.outcome(row, repeats, seed) instanceof Outcome.Complete);
  }

  private void end(Run run, Outcome outcome) {
    var timeline = new LinkedHashMap<String, @Nullable Object>();
    timeline.put("worker", run.worker);
    timeline.put("start", run.start);
    timeline.put("end", clock);
    run.trial.attribute(TableRunner.TIMELINE, timeline);
    run.trial.attribute(TableRunner.COST, clock - run.start);
    run.trial.took(clock - run.start);
    study.tellIfHeld(run.trial, outcome);
    free.add(run.worker);
  }
}
