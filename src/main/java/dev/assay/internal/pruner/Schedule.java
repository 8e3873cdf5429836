package dev.assay.internal.pruner;

import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.trial.Report;
import java.util.List;

/// At which steps a pruner looks at a trial.
///
/// @param warmup steps before which it does not
/// @param interval it looks at the first report in each span of so many steps
public record Schedule(
    @Option(value = "steps before which it does not look", low = 0) int warmup,
    @Option(value = "steps between looks", low = 1) int interval) {
  /// At every report.
  public static final Schedule ALWAYS = new Schedule();

  public Schedule {
    Settings.check("pruner", Schedule.class, warmup, interval);
  }

  /// With the default settings.
  public Schedule() {
    this(0, 1);
  }

  /// Whether the newest report is to be looked at.
  boolean isDue(List<Report> reports) {
    long step = reports.getLast().step();
    if (step < warmup) {
      return false;
    }
    if (reports.size() < 2) {
      return true;
    }
    long before = reports.get(reports.size() - 2).step();
    return before < warmup || (step - warmup) / interval > (before - warmup) / interval;
  }
}
