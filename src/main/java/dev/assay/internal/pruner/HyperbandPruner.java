package dev.assay.internal.pruner;

import dev.assay.internal.problem.Require;
import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Report;
import java.util.List;

/// Hyperband (Li et al. 2018, "Hyperband: a novel bandit-based approach to hyperparameter
/// optimization"): brackets of successive halving, from s = ⌊log_η(max/min)⌋, which stops the first
/// trials after max·η^−s steps, to 0, which stops none.
///
/// Each trial belongs to the bracket that its number says and competes within it. As in the paper
/// every bracket gets the same share of the training; a trial that goes on costs only what it
/// trains more, so bracket s holds a share of the trials in proportion to 1/c(s), c(s) the cost of
/// a trial there on average.
///
/// @param min the lowest rung of all
/// @param max where trials end; 0: where the longest completed trial ended, and nothing stops
///   before one is completed
/// @param factor η
public record HyperbandPruner(
    @Option(value = "the lowest rung of all, in steps", low = 1) int min,
    @Option(value = "where trials end; 0: where the longest completed trial ended", low = 0)
        int max,
    @Option(
            value = "one in so many goes on; each rung is so many times as high",
            low = 2,
            high = 1000)
        int factor)
    implements RememberingPruner {
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  public HyperbandPruner {
    Settings.check("pruner hyperband", HyperbandPruner.class, min, max, factor);
    if (max != 0) {
      Require.inRange("pruner hyperband", "max", max, min, Integer.MAX_VALUE);
    }
  }

  /// With the default settings.
  public HyperbandPruner() {
    this(1, 0, 3);
  }

  @Override
  public String name() {
    return "hyperband";
  }

  @Override
  public Rule open() {
    return Divergence.before(new Brackets());
  }

  /// The brackets of one study.
  private final class Brackets implements Rule {
    private final Standings standings = new Standings();

    /// How many there were when the standings were taken.
    private int standingBrackets;

    @Override
    public boolean prune(int trial, List<Report> reports, History history, Direction direction) {
      standings.follow(history, direction);
      long end = max == 0 ? standings.longest() : max;
      int brackets = brackets(end);
      if (brackets != standingBrackets) {
        standings.forget();
        standingBrackets = brackets;
      }
      int bracket = bracket(trial, brackets);
      if (bracket == 0) {
        return false;
      }
      long first = end;
      for (int s = 0; s < bracket; s++) {
        first /= factor;
      }
      var rungs = new Rungs(Math.max(min, first), factor, end);
      long rung = rungs.climbed(reports);
      double loss = Curve.loss(reports.getLast(), direction);
      if (rung < 0 || !Double.isFinite(loss)) {
        return false;
      }
      var finished =
          standings.at(
              rung,
              bracket,
              history,
              other ->
                  bracket(other.number(), brackets) == bracket
                      ? Curve.finiteFrom(rung, other.reports(), direction)
                      : Double.NaN);
      var others =
          Standings.underWay(
              rung, trial, history, direction, other -> bracket(other, brackets) == bracket);
      return rungs.isBelowTheCut(loss, finished, others);
    }
  }

  /// s_max + 1.
  int brackets(long end) {
    int brackets = 1;
    for (long rung = end / factor; rung >= min; rung /= factor) {
      brackets++;
    }
    return brackets;
  }

  /// The golden ratio's multiples spread any run of trials over the brackets as evenly as can be.
  int bracket(int trial, int brackets) {
    double total = 0;
    for (int s = 0; s < brackets; s++) {
      total += share(s);
    }
    double position = (trial + 1) * GOLDEN;
    double mark = (position - Math.floor(position)) * total;
    for (int s = brackets - 1; s > 0; s--) {
      mark -= share(s);
      if (mark < 0) {
        return s;
      }
    }
    return 0;
  }

  /// 1/c(s), c(s) = η^−s + Σ (η^(k+1−s) − η^(k−s)) η^−(k+1), k < s: a trial goes on from rung k
  /// with probability 1/η. In units of max.
  private double share(int s) {
    double cost = Math.pow(factor, -s);
    for (int k = 0; k < s; k++) {
      cost += (Math.pow(factor, k + 1 - s) - Math.pow(factor, k - s)) * Math.pow(factor, -k - 1);
    }
    return 1 / cost;
  }
}
