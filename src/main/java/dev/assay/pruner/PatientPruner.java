package dev.assay.pruner;

import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Options;
import dev.assay.trial.Pruner;
import dev.assay.trial.Report;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Stops a trial that did not improve for some reports (Prechelt 1998, "Early stopping – but
/// when?"), if another pruner, where there is one, would stop it too.
///
/// @param pruner asked once patience is over; null: nobody is asked
/// @param patience reports in a row without improvement
/// @param minDelta what a loss must fall by to count as improved
public record PatientPruner(@Nullable Pruner pruner, int patience, double minDelta)
    implements Pruner {
  public PatientPruner {
    Options.requireInRange("pruner patient", "patience", patience, 1, Integer.MAX_VALUE);
    Options.requireInRange("pruner patient", "min_delta", minDelta, 0, Double.MAX_VALUE);
  }

  static PatientPruner of(Options options) {
    var inner = options.any("pruner");
    return new PatientPruner(
        inner == null ? null : Pruners.read(options, inner),
        options.integer("patience", 5),
        options.number("min_delta", 0));
  }

  @Override
  public String name() {
    return "patient";
  }

  @Override
  public Map<String, @Nullable Object> settings() {
    var settings = new LinkedHashMap<String, @Nullable Object>();
    settings.put("pruner", pruner == null ? null : Map.of(pruner.name(), pruner.settings()));
    settings.put("patience", patience);
    settings.put("min_delta", minDelta);
    return settings;
  }

  @Override
  public boolean prune(int trial, List<Report> reports, History history, Direction direction) {
    return open().prune(trial, reports, history, direction);
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
