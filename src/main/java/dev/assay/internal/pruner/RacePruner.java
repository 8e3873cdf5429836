package dev.assay.internal.pruner;

import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import org.jspecify.annotations.Nullable;

/// Ends a trial whose runs so far are worse than the best trial's by more than chance explains: a
/// race (Maron and Moore 1994; Birattari 2009) of each challenger against the incumbent, as SMAC's
/// intensification has it (Hutter, Hoos and Leyton-Brown 2011, Algorithm 2). For trials whose steps
/// are runs with several seeds, folds or instances, few of them: where there are many, `wilcoxon`
/// needs no variance.
///
/// The mean over j runs of what a trial loses to the best one in the same run is compared with its
/// standard error s / sqrt(j). s² is the mean variance, within a trial, of what completed trials
/// lost to the best one in each run; while fewer than `startup` completed trials beside the best
/// one tell, all go on.
///
/// @param errors how many standard errors worse a trial must be
/// @param startup completed trials beside the best one before any is ended
public record RacePruner(
    @Option(value = "how many standard errors worse a trial must be", low = 0) double errors,
    @Option(value = "completed trials beside the best one before any is ended", low = 1)
        int startup)
    implements RememberingPruner {
  public static final String NAME = "race";

  public RacePruner {
    Settings.check("pruner race", RacePruner.class, errors, startup);
  }

  /// With the default settings.
  public RacePruner() {
    this(2, 3);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Rule open() {
    var standings = new Standings();
    var spread = new Spread();
    return Divergence.before((trial, reports, history, direction) -> {
      standings.follow(history, direction);
      var best = standings.best();
      if (best == null) {
        return false;
      }
      var lost = Pairs.lost(reports, best.reports(), direction);
      if (lost.length == 0) {
        return false;
      }
      double mean = Pairs.mean(lost);
      if (!(mean > 0)) {
        return false;
      }
      spread.follow(history, best, direction);
      return spread.trials >= startup && mean > errors * Math.sqrt(spread.variance() / lost.length);
    });
  }

  /// How much what trials lose to the best one differs from run to run. A memo of the history.
  private static final class Spread {
    private @Nullable TrialRecord best;
    private @Nullable TrialRecord last;
    private int seen;
    private int trials;
    private double squares;
    private int freedom;

    void follow(History history, TrialRecord incumbent, Direction direction) {
      if (incumbent != best || seen > history.size() || seen > 0 && history.get(seen - 1) != last) {
        best = incumbent;
        seen = 0;
        trials = 0;
        squares = 0;
        freedom = 0;
      }
      for (; seen < history.size(); seen++) {
        var trial = history.get(seen);
        last = trial;
        if (trial.state() == TrialState.COMPLETE && trial != best) {
          add(Pairs.lost(trial.reports(), incumbent.reports(), direction));
        }
      }
    }

    private void add(double[] lost) {
      if (lost.length < 2) {
        return;
      }
      double mean = Pairs.mean(lost);
      for (double each : lost) {
        squares += (each - mean) * (each - mean);
      }
      freedom += lost.length - 1;
      trials++;
    }

    double variance() {
      return squares / freedom;
    }
  }
}
