package dev.assay.cli;

import dev.assay.study.Objective;
import dev.assay.study.Overhead;
import dev.assay.study.TrialRecord;
import dev.assay.study.TrialState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What every study prints at its end: the best, the counts, the time, and what the search itself
/// cost.
final class Summary {
  private Summary() {}

  /// The lines, without colours, at most 80 columns where names allow it.
  static List<String> lines(
      String study,
      List<Objective> objectives,
      List<TrialRecord> trials,
      List<TrialRecord> best,
      Overhead overhead) {
    var lines = new ArrayList<String>();
    if (best.isEmpty()) {
      lines.add("No trial completed.");
    } else if (objectives.size() == 1) {
      lines.add(
          "Best "
              + values(best.getFirst(), objectives)
              + "  (trial "
              + best.getFirst().number()
              + ")");
      lines.addAll(parameters(best.getFirst()));
    } else {
      lines.add("Pareto set: " + best.size() + " trials");
      best.forEach(
          trial -> lines.add("  trial " + trial.number() + ": " + values(trial, objectives)));
    }
    lines.add("");
    lines.add("Study " + study + ": " + counts(trials));
    failures(trials).forEach((cause, count) -> lines.add("  failed: " + count + " x " + cause));
    lines.addAll(time(trials, overhead));
    return lines;
  }

  private static String values(TrialRecord trial, List<Objective> objectives) {
    var words = new ArrayList<String>();
    for (int i = 0; i < objectives.size(); i++) {
      words.add(objectives.get(i).metric() + " " + Units.value(trial.values().get(i)));
    }
    return String.join(", ", words);
  }

  private static List<String> parameters(TrialRecord trial) {
    var values = trial.configuration().values();
    int width = values.keySet().stream().mapToInt(String::length).max().orElse(0);
    var lines = new ArrayList<String>();
    values.forEach((name, value) ->
        lines.add(
            "  "
                + name
                + " ".repeat(width - name.length() + 2)
                + (value instanceof Double number ? Units.value(number) : String.valueOf(value))));
    return lines;
  }

  private static String counts(Collection<TrialRecord> trials) {
    var words = new ArrayList<String>();
    for (var state : TrialState.values()) {
      long count = trials.stream().filter(trial -> trial.state() == state).count();
      boolean always =
          state == TrialState.COMPLETE || state == TrialState.PRUNED || state == TrialState.FAILED;
      if (count > 0 || always) {
        words.add(count + " " + (state == TrialState.COMPLETE ? "completed" : state.word()));
      }
    }
    return String.join(", ", words);
  }

  /// The commonest failures, in words.
  private static Map<String, Integer> failures(Collection<TrialRecord> trials) {
    var counts = new LinkedHashMap<String, Integer>();
    for (var trial : trials) {
      if (trial.cause() != null) {
        var detail = trial.detail().lines().findFirst().orElse("");
        var words = trial.cause().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        counts.merge(detail.isEmpty() ? words : words + ": " + detail, 1, Integer::sum);
      }
    }
    var commonest = new LinkedHashMap<String, Integer>();
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(5)
        .forEach(entry -> commonest.put(entry.getKey(), entry.getValue()));
    return commonest;
  }

  private static List<String> time(Collection<TrialRecord> trials, Overhead overhead) {
    long finished = trials.stream().filter(trial -> trial.state().isFinished()).count();
    if (finished == 0 || overhead.wall() <= 0) {
      return List.of();
    }
    return List.of(
        "Time "
            + Units.seconds(overhead.wall())
            + " wall, per trial: suggest "
            + Units.seconds(overhead.suggest() / finished)
            + ", storage "
            + Units.seconds(overhead.storage() / finished)
            + ", idle "
            + Units.seconds(overhead.idle() / finished),
        verdict(overhead));
  }

  /// `The search took 0.4 % of the wall time.`
  static String verdict(Overhead overhead) {
    return "The search took " + Units.percent(overhead.share()) + " of the wall time.";
  }
}
