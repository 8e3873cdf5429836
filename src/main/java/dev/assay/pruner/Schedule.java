package dev.assay.pruner;

import dev.assay.trial.Options;
import dev.assay.trial.Report;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// At which steps a pruner looks at a trial.
///
/// @param warmup steps before which it does not
/// @param interval it looks at the first report in each span of so many steps
public record Schedule(int warmup, int interval) {
  /// At every report.
  public static final Schedule ALWAYS = new Schedule(0, 1);

  public Schedule {
    Options.requireInRange("pruner", "warmup", warmup, 0, Integer.MAX_VALUE);
    Options.requireInRange("pruner", "interval", interval, 1, Integer.MAX_VALUE);
  }

  static Schedule of(Options options) {
    return new Schedule(options.integer("warmup", 0), options.integer("interval", 1));
  }

  void describe(Map<String, @Nullable Object> settings) {
    settings.put("warmup", warmup);
    settings.put("interval", interval);
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
