package dev.assay.compare;

import dev.assay.internal.statistics.SignedRank;
import dev.assay.problem.Problem;
import dev.assay.run.TrialRunner;
import dev.assay.run.function.NumericFunction;
import dev.assay.run.function.TestFunction;
import dev.assay.run.table.TableRunner;
import dev.assay.spec.ObjectiveSpec;
import dev.assay.spec.StudyFile;
import dev.assay.trial.Direction;
import dev.assay.trial.Objective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the runs of one case say.
///
/// @param parallel workers inside each run
/// @param clock what the simulated clock counts; null where there is none
/// @param judged the cost at which runs are compared; null: at their ends
/// @param standings by mean rank, the best first
/// @param pairs every pair of contenders, p-values corrected over them (Holm)
/// @param optimum the best value that there is, where it is known: of a function, or of a table in
///   which every configuration stands
/// @param curves one for each axis that the runs have
/// @param share how the runs stand to the best row of the table; null where there is no such table
public record CaseResult(
    String name,
    Objective objective,
    int trials,
    int parallel,
    @Nullable String clock,
    @Nullable Double optimum,
    @Nullable EqualCost judged,
    List<Standing> standings,
    List<Pair> pairs,
    List<Curves> curves,
    @Nullable List<OptimumShare> share) {

  /// How a contender stands.
  ///
  /// @param meanRank over seeds, 1 the best; runs of equal loss share the mean of their ranks
  /// @param median of the values where runs are compared; null where half of the runs found nothing
  /// @param low the median's bootstrap interval, 95 %: its better end
  /// @param high its worse end
  /// @param probabilityBest share of the resamples of seeds in which its median is the best
  /// @param failed share of trials that failed
  /// @param suggestMilliseconds the sampler's time a trial, median over runs
  public record Standing(
      String sampler,
      double meanRank,
      @Nullable Double median,
      @Nullable Double low,
      @Nullable Double high,
      double probabilityBest,
      double failed,
      double suggestMilliseconds) {}

  /// A contender against another.
  ///
  /// @param first the one of the better mean rank
  /// @param test of the losses, second minus first: positive where the first is better
  /// @param p corrected
  /// @param superiority how often a run of the first is better than one of the second, equal runs
  ///   counting half (Vargha and Delaney 2000, A)
  public record Pair(String first, String second, SignedRank test, double p, double superiority) {
    /// Whether the difference is significant.
    public boolean differs() {
      return p <= ComparisonResult.LEVEL;
    }

    /// Whether the first is the better one of two that differ; by the sign of the ranks.
    public boolean firstIsBetter() {
      return test.positive() > test.negative();
    }
  }

  /// The cost at which the runs of a case are judged: the most that every one of them came to, so
  /// that nobody is judged by what the others did not spend.
  ///
  /// @param axis what counts
  /// @param unit of it: `seconds`, what the simulated clock counts, or the metric's name
  /// @param spent by each run when it is judged
  public record EqualCost(FinishedRun.Axis axis, String unit, double spent) {
    /// The word for time: of the simulated clock where there is one, or else on the wall.
    public static final String TIME = "cost";

    /// The metric that a comparison at this cost asks trials for; null: none.
    static @Nullable String metric(@Nullable String at) {
      return TIME.equals(at) ? null : at;
    }

    /// Refuses a run that found something and does not say what it cost.
    ///
    /// @param metric that its trials were asked for; null: none
    /// @throws Problem where none of them said it
    static void requireSaid(@Nullable String metric, FinishedRun run) {
      if (metric != null && run.cost() == null && run.completed() > 0) {
        throw new Problem(
            "A run does not say what its trials cost.",
            "%s with %s, seed %d: no %s above 0"
                .formatted(run.problem(), run.sampler(), run.seed(), metric),
            "Let trials report it; or compare at what time they take: --at cost.");
      }
    }

    /// @param at [#TIME] or a metric; null: runs are judged at their ends
    /// @param clock what the simulated clock counts; null where there is none
    /// @return null also where no run says any cost, having found nothing
    /// @throws Problem where another one does not
    static @Nullable EqualCost of(
        @Nullable String at, List<FinishedRun> runs, @Nullable String clock) {
      if (at == null) {
        return null;
      }
      var metric = metric(at);
      runs.forEach(run -> requireSaid(metric, run));
      if (metric != null) {
        var costs = runs.stream().filter(run -> run.cost() != null).toList();
        return costs.isEmpty() ? null : least(FinishedRun.Axis.COST, metric, costs);
      }
      return clock != null
          ? least(FinishedRun.Axis.SIMULATED, clock, runs)
          : least(FinishedRun.Axis.SECONDS, "seconds", runs);
    }

    private static EqualCost least(FinishedRun.Axis axis, String unit, List<FinishedRun> runs) {
      double spent = runs.stream().mapToDouble(run -> run.end(axis)).min().orElse(0);
      return new EqualCost(axis, unit, spent);
    }
  }

  /// The medians of one axis, for each contender in their given order.
  public record Curves(FinishedRun.Axis axis, List<Band> bands) {}

  /// @param runs of every contender with every seed
  /// @param runner what ran the trials, where runs share one
  /// @param at as in [Comparison.Settings]
  static CaseResult of(
      String name,
      StudyFile spec,
      List<Contender> contenders,
      List<FinishedRun> runs,
      long firstSeed,
      @Nullable TrialRunner runner,
      int parallel,
      @Nullable String at) {
    var objective = spec.objectives().getFirst();
    var clock = runner instanceof TableRunner replay ? replay.unit() : null;
    var judged = EqualCost.of(at, runs, clock);
    var table = new RunTable(contenders, runs, firstSeed, objective.direction(), judged);
    var standings = standings(table);
    int trials = runs.stream().mapToInt(FinishedRun::trials).max().orElse(0);
    var recorded =
        runner instanceof TableRunner replay && replay.isExact()
            ? replay.recorded(spec.space())
            : null;
    return new CaseResult(
        name,
        objective,
        trials,
        parallel,
        clock,
        recorded != null ? best(recorded, objective.direction()) : optimum(spec),
        judged,
        standings,
        pairs(table, standings),
        curves(table, clock != null, judged),
        recorded != null ? OptimumShare.of(table, recorded, trials) : null);
  }

  private static @Nullable Double optimum(StudyFile spec) {
    return spec.objective() instanceof ObjectiveSpec.Function(var name, _)
            && spec.objectives().getFirst().direction() == Direction.MINIMIZE
            && NumericFunction.named(name) instanceof TestFunction function
        ? (Double) function.optimum()
        : null;
  }

  private static @Nullable Double best(double[] recorded, Direction direction) {
    double loss =
        Arrays.stream(recorded)
            .map(direction::asLoss)
            .filter(value -> !Double.isNaN(value))
            .min()
            .orElse(Double.NaN);
    return Double.isNaN(loss) ? null : (Double) direction.asLoss(loss);
  }

  private static List<Standing> standings(RunTable table) {
    var bootstrap = new Bootstrap(table);
    var best = bootstrap.probabilitiesBest();
    var ranks = table.meanRanks();
    var standings = new ArrayList<Standing>();
    for (int c = 0; c < table.contenders(); c++) {
      var runs = table.runsOf(c);
      var median = bootstrap.interval(table.losses(c));
      standings.add(
          new Standing(
              table.label(c),
              ranks[c],
              value(median.median(), table.direction()),
              value(median.low(), table.direction()),
              value(median.high(), table.direction()),
              best[c],
              (double) runs.stream().mapToInt(FinishedRun::failed).sum()
                  / Math.max(1, runs.stream().mapToInt(FinishedRun::trials).sum()),
              Bootstrap.median(
                  runs.stream()
                      .mapToDouble(r -> 1e3 * r.suggestSeconds() / Math.max(1, r.trials()))
                      .toArray())));
    }
    standings.sort(Comparator.comparingDouble(Standing::meanRank));
    return standings;
  }

  /// The value of a loss; null for none.
  static @Nullable Double value(double loss, Direction direction) {
    return Double.isFinite(loss) ? (Double) direction.asLoss(loss) : null;
  }

  private static List<Pair> pairs(RunTable table, List<Standing> standings) {
    var tests = new ArrayList<Pair>();
    for (int i = 0; i < standings.size(); i++) {
      for (int j = i + 1; j < standings.size(); j++) {
        var first = standings.get(i).sampler();
        var second = standings.get(j).sampler();
        var a = table.losses(first);
        var b = table.losses(second);
        var differences = new double[a.length];
        Arrays.setAll(differences, s -> b[s] - a[s]);
        tests.add(new Pair(first, second, SignedRank.of(differences), 1, superiority(a, b)));
      }
    }
    var corrected = SignedRank.holm(tests.stream().mapToDouble(pair -> pair.test().p()).toArray());
    var pairs = new ArrayList<Pair>();
    for (int i = 0; i < corrected.length; i++) {
      var pair = tests.get(i);
      pairs.add(
          new Pair(pair.first(), pair.second(), pair.test(), corrected[i], pair.superiority()));
    }
    return pairs;
  }

  private static double superiority(double[] a, double[] b) {
    double sum = 0;
    for (double mine : a) {
      for (double other : b) {
        sum += mine < other ? 1 : mine == other ? 0.5 : 0;
      }
    }
    return sum / ((double) a.length * b.length);
  }

  private static List<Curves> curves(
      RunTable table, boolean simulated, @Nullable EqualCost judged) {
    var curves = new ArrayList<Curves>();
    curves.add(curves(table, FinishedRun.Axis.TRIALS));
    if (judged != null && judged.axis() == FinishedRun.Axis.COST) {
      curves.add(curves(table, FinishedRun.Axis.COST));
    }
    if (simulated) {
      curves.add(curves(table, FinishedRun.Axis.SIMULATED));
    }
    curves.add(curves(table, FinishedRun.Axis.SECONDS));
    return curves;
  }

  private static Curves curves(RunTable table, FinishedRun.Axis axis) {
    var bootstrap = new Bootstrap(table);
    var moments = Band.moments(table, axis);
    var bands = new ArrayList<Band>();
    for (int c = 0; c < table.contenders(); c++) {
      bands.add(Band.of(table, c, axis, moments, bootstrap));
    }
    return new Curves(axis, bands);
  }
}
