package dev.assay.cli;

import dev.assay.problem.Problem;
import dev.assay.report.StudyView;
import java.util.List;
import java.util.regex.Pattern;

/// `--require 'accuracy>=0.97'`: what the best trial must reach for the command to succeed.
record Requirement(String metric, String relation, double bound) {
  private static final Pattern FORM =
      Pattern.compile("\\s*(.+?)\\s*(>=|<=|>|<)\\s*([-+0-9.eE]+)\\s*");

  static Requirement parse(String text) {
    var matcher = FORM.matcher(text);
    if (matcher.matches()) {
      try {
        return new Requirement(
            matcher.group(1), matcher.group(2), Double.parseDouble(matcher.group(3)));
      } catch (NumberFormatException e) {
        throw malformed(text, e);
      }
    }
    throw malformed(text, null);
  }

  private static Problem malformed(
      String text, @org.jspecify.annotations.Nullable Throwable cause) {
    return new Problem(
        "The requirement was not understood.",
        "--require " + text,
        "Write a metric, one of >= <= > <, and a number: 'accuracy>=0.97'.",
        cause);
  }

  /// @throws Problem when the study has no such metric
  void check(List<String> metrics) {
    if (!metrics.contains(metric)) {
      throw new Problem(
          "The requirement names a metric that the study does not optimise.",
          "--require " + metric,
          dev.assay.internal.words.Nearest.suggest(metric, metrics));
    }
  }

  /// Whether some best trial meets it; where finalists were confirmed, whether the mean of the best
  /// of them does.
  boolean met(StudyView view) {
    var confirmed = view.confirmed();
    int index = view.objectives().stream().map(o -> o.metric()).toList().indexOf(metric);
    return confirmed.isEmpty()
        ? view.best().stream().anyMatch(trial -> met(trial.values().get(index)))
        : met(confirmed.getFirst().mean());
  }

  private boolean met(double value) {
    return switch (relation) {
      case ">=" -> value >= bound;
      case "<=" -> value <= bound;
      case ">" -> value > bound;
      default -> value < bound;
    };
  }

  @Override
  public String toString() {
    return metric + relation + bound;
  }
}
