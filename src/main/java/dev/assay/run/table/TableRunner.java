package dev.assay.run.table;

import dev.assay.internal.words.Log;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.run.TrialRunner;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.study.Result;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Replays what a table recorded: curves are reports, recorded costs pass on a simulated clock, a
/// time budget counts simulated time.
public final class TableRunner implements TrialRunner {
  private static final Logger LOG = Log.of(TableRunner.class);

  /// The fact about the simulated clock: `time`, `unit`, `workers`.
  public static final String FACT = "replay";

  /// The attribute with a trial's place on the simulated timeline: `worker`, `start`, `end`.
  public static final String TIMELINE = "simulated";

  /// The attribute with what a trial cost, in [#unit].
  public static final String COST = "cost";

  private final ReplayTable table;
  private final RecordedRuns runs;
  private final RecordedRuns.Repeats repeats;
  private final String name;

  /// @param name what the study file calls the table
  /// @param repeats `mean`, or `draw`: one of the repeats, by the trial's seed
  /// @throws Problem when the table does not record an objective
  public TableRunner(String name, ReplayTable table, List<Objective> objectives, String repeats) {
    this.name = name;
    this.table = table;
    runs = new RecordedRuns(table, objectives);
    this.repeats =
        switch (repeats) {
          case "mean" -> RecordedRuns.Repeats.MEAN;
          case "draw" -> RecordedRuns.Repeats.DRAW;
          case String _ ->
              throw new Problem(
                  "There is no such way to use repeats.",
                  "repeats " + repeats,
                  Nearest.suggest(repeats, List.of("mean", "draw")));
        };
  }

  /// What costs and the simulated clock count: `seconds`, `steps` or `trials`.
  public String unit() {
    return runs.unit();
  }

  /// The last step that any recorded curve has; 0 without curves.
  public long lastStep() {
    return runs.lastStep();
  }

  /// What it costs to come to a step of a row's curve from the start, in [#unit]; 0 before its
  /// first point.
  ///
  /// @param row the attribute `row` of a trial
  public double cost(int row, long step) {
    int points = runs.pointsUpTo(row, step);
    return points == 0 ? 0 : runs.cost(row, points - 1);
  }

  /// What a whole run costs on average over the rows, in [#unit].
  public double meanCost() {
    return IntStream.range(0, table.rows()).mapToDouble(runs::cost).average().orElse(1);
  }

  /// The first objective at every point of a row's curve.
  public double[] curve(int row) {
    return IntStream.range(0, runs.points(row))
        .mapToDouble(point -> runs.values(row, point)[0])
        .toArray();
  }

  /// How many rows it has.
  public int rows() {
    return table.rows();
  }

  /// The first objective of every row that a space has; NaN where its run failed.
  ///
  /// @throws IllegalStateException where configurations are not matched exactly
  public double[] recorded(SearchSpace space) {
    if (!table.isGrid()) {
      throw new IllegalStateException(name + " is a sample");
    }
    return IntStream.range(0, table.rows())
        .filter(row -> contains(space, row))
        .mapToDouble(row ->
            runs.outcome(row, RecordedRuns.Repeats.MEAN, 0) instanceof Outcome.Complete(var values)
                ? values.getFirst()
                : Double.NaN)
        .toArray();
  }

  private boolean contains(SearchSpace space, int row) {
    try {
      space.configuration(table.options(row));
      return true;
    } catch (Problem outside) {
      return false;
    }
  }

  /// Whether configurations are matched exactly.
  public boolean isExact() {
    return table.isGrid();
  }

  /// Refuses a space that the table does not have, before the first trial.
  public void check(SearchSpace space) {
    table.check(space);
  }

  @Override
  public Map<String, @Nullable Object> describe() {
    var description = new LinkedHashMap<String, @Nullable Object>();
    description.put("table", name);
    description.put("rows", table.rows());
    description.put("match", table.isGrid() ? "exact" : "nearest row");
    description.put("repeats", repeats.name().toLowerCase(Locale.ROOT));
    description.put("cost", runs.unit());
    return description;
  }

  @Override
  public Result<Configuration> run(Study<Configuration> study, Budget budget, int parallel) {
    if (!table.isGrid()) {
      LOG.info(
          "{} is a sample of {} rows: {}.",
          name,
          table.rows(),
          study.space().isListed()
              ? "each is tried once"
              : "a proposal gets the one nearest to it");
    }
    long start = System.nanoTime();
    var replay = new Replay(study, budget, parallel, table, runs, repeats);
    var reason = replay.run();
    study.putFact(FACT, Map.of("time", replay.clock(), "unit", runs.unit(), "workers", parallel));
    study.spend((System.nanoTime() - start) * 1e-9, replay.waitedSeconds());
    return study.result(reason);
  }
}
