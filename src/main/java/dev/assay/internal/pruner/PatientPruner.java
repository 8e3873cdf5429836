package dev.assay.internal.pruner;

import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.trial.Direction;
import dev.assay.trial.Pruner;
import dev.assay.trial.Report;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Stops a trial that did not improve for some reports (Prechelt 1998, "Early stopping – but
/// when?"), if another pruner, where there is one, would stop it too.
///
/// @param pruner asked once patience is over; null: nobody is asked
/// @param patience reports in a row without improvement
/// @param minDelta what a loss must fall by to count as improved
public record PatientPruner(
    @Option(
            value = "asked once patience is over; nothing said: nobody is",
            shape = NestedPruner.class)
        @Nullable Pruner pruner,
    @Option(value = "reports in a row without improvement", low = 1) int patience,
    @Option(value = "what a loss must fall by to count as improved", low = 0) double minDelta)
    implements RememberingPruner {
  public PatientPruner {
    Settings.check("pruner patient", PatientPruner.class, pruner, patience, minDelta);
  }

  /// With the default settings.
  public PatientPruner() {
    this(null, 5, 0);
  }

  @Override
  public String name() {
    return "patient";
  }

  @Override
  public Rule open() {
    var asked = pruner == null ? null : pruner.open();
    return (trial, reports, history, direction) ->
        isOver(reports, direction)
            && (asked == null || asked.prune(trial, reports, history, direction));
  }

  private boolean isOver(List<Report> reports, Direction direction) {
    int split = reports.size() - patience;
    if (split < 1) {
      return false;
    }
    double before = Curve.best(reports.subList(0, split), direction);
    double since = Curve.best(reports.subList(split, reports.size()), direction);
    return !(since < before - minDelta || Double.isNaN(before) || Double.isNaN(since));
  }
}
