package dev.assay.pruner;

import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Options;
import dev.assay.trial.Pruner;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Stops a trial that is significantly worse than the best one on the steps that both reported, by
/// Wilcoxon's signed-rank test (Wilcoxon 1945). For trials whose steps are instances or folds, not
/// progress.
///
/// @param p the one-sided significance below which a trial stops
/// @param startup steps in common before the test is made
public record WilcoxonPruner(double p, int startup) implements Pruner {
  public WilcoxonPruner {
    Options.requireInRange("pruner wilcoxon", "p", p, 0, 1);
    Options.requireInRange("pruner wilcoxon", "startup", startup, 0, Integer.MAX_VALUE);
  }

  static WilcoxonPruner of(Options options) {
    return new WilcoxonPruner(options.number("p", 0.1), options.integer("startup", 2));
  }

  @Override
  public String name() {
    return "wilcoxon";
  }

  @Override
  public Map<String, @Nullable Object> settings() {
    var settings = new LinkedHashMap<String, @Nullable Object>();
    settings.put("p", p);
    settings.put("startup", startup);
    return settings;
  }

  @Override
  public boolean prune(int trial, List<Report> reports, History history, Direction direction) {
    return open().prune(trial, reports, history, direction);
  }

  @Override
  public Rule open() {
    var standings = new Standings();
    var divergence = new Divergence();
    return (trial, reports, history, direction) -> {
      if (divergence.stops(trial, reports, history, direction)) {
        return true;
      }
      standings.follow(history, direction);
      var best = standings.best();
      return best != null && isWorse(reports, best, direction);
    };
  }

  private boolean isWorse(List<Report> reports, TrialRecord best, Direction direction) {
    var differences = differences(reports, best.reports(), direction);
    // A trial that is better on average goes on, whatever the ranks say.
    if (differences.length < Math.max(1, startup) || Arrays.stream(differences).sum() <= 0) {
      return false;
    }
    return SignedRank.pValue(differences) < p;
  }

  /// How much larger the trial's losses are, on the steps where both are finite.
  private static double[] differences(
      List<Report> reports, List<Report> best, Direction direction) {
    var differences = new double[Math.min(reports.size(), best.size())];
    int count = 0;
    for (int i = 0, k = 0; i < reports.size() && k < best.size(); ) {
      int order = Long.compare(reports.get(i).step(), best.get(k).step());
      if (order == 0) {
        double a = Curve.loss(reports.get(i), direction);
        double b = Curve.loss(best.get(k), direction);
        if (Double.isFinite(a) && Double.isFinite(b)) {
          differences[count++] = a - b;
        }
      }
      i += order <= 0 ? 1 : 0;
      k += order >= 0 ? 1 : 0;
    }
    return Arrays.copyOf(differences, count);
  }
}
