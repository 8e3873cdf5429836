package dev.assay.cli;

import dev.assay.report.Figures;
import dev.assay.report.StudyView;
import dev.assay.study.Confirmed;
import java.util.ArrayList;
import java.util.List;

/// What a study prints of its finalists.
final class ConfirmedLines {
  private ConfirmedLines() {}

  /// `Confirmed best error 0.093, 0.09 to 0.096, in 5 runs (trial 17)`, its parameters where the
  /// best trial has others, and a line for each of the other finalists.
  static List<String> of(StudyView view) {
    var confirmed = view.confirmed();
    if (confirmed.isEmpty()) {
      return List.of();
    }
    var lines = new ArrayList<String>();
    var first = confirmed.getFirst();
    var metric = view.objectives().getFirst().metric();
    lines.add("Confirmed best " + metric + " " + words(first));
    if (!view.best().contains(first.trial())) {
      lines.addAll(Summary.parameters(first.trial()));
    }
    for (var other : confirmed.subList(1, confirmed.size())) {
      lines.add("  then " + words(other));
    }
    lines.addAll(overDefault(view, first));
    return lines;
  }

  /// What the search was worth: the best beside the defaults.
  private static List<String> overDefault(StudyView view, Confirmed best) {
    var defaults = view.confirmedDefault();
    if (defaults == null) {
      return List.of();
    }
    if (defaults.trial() == best.trial()) {
      return List.of("Nothing that was confirmed is better than the defaults.");
    }
    var gain = best.over(defaults, view.objectives().getFirst().direction());
    if (gain == null) {
      return List.of();
    }
    var words =
        Figures.number(gain.mean())
            + ", "
            + Figures.number(gain.low())
            + " to "
            + Figures.number(gain.high());
    return gain.isSure()
        ? List.of("Better than the defaults by " + words)
        : List.of(
            "Not better than the defaults beyond noise: by " + words,
            "  More runs would tell: --confirm " + 2 * best.runs().size());
  }

  private static String words(Confirmed one) {
    var words = new StringBuilder(Figures.number(one.mean()));
    if (Double.isFinite(one.low())) {
      words.append(", ").append(Figures.number(one.low()));
      words.append(" to ").append(Figures.number(one.high()));
    }
    int runs = one.runs().size();
    words.append(", in ").append(runs).append(runs == 1 ? " run" : " runs");
    if (one.failed() > 0) {
      words.append(", ").append(one.failed()).append(" of which failed");
    }
    return words.append("  (trial ").append(one.trial().number()).append(')').toString();
  }
}
