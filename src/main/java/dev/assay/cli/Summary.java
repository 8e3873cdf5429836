package dev.assay.cli;

import dev.assay.internal.opening.Growth;
import dev.assay.internal.sampler.AutoSampler;
import dev.assay.internal.sampler.gp.GpSampler;
import dev.assay.internal.trial.FailureWords;
import dev.assay.internal.trial.MissingValues;
import dev.assay.internal.words.Spoken;
import dev.assay.report.Figures;
import dev.assay.report.Schedule;
import dev.assay.report.StudySheet;
import dev.assay.report.StudyView;
import dev.assay.run.command.CommandRunner;
import dev.assay.run.table.TableRunner;
import dev.assay.trial.Cause;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Objective;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.Segment;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What every study prints at its end: the best, the counts, the time, and what the search itself
/// cost.
final class Summary {
  /// Columns of a terminal.
  static final int WIDTH = 80;

  private Summary() {}

  /// The lines, without colours, at most 80 columns where names allow it.
  static List<String> lines(StudyView view) {
    var objectives = view.objectives();
    var best = view.best();
    var lines = new ArrayList<String>();
    if (best.isEmpty()) {
      lines.add("No trial completed.");
    } else if (!view.given().isEmpty()) {
      lines.addAll(DecisionTable.lines(view));
    } else if (objectives.size() == 1) {
      lines.add(
          "Best "
              + values(best.getFirst(), objectives)
              + "  (trial "
              + best.getFirst().number()
              + ")");
      lines.addAll(parameters(best.getFirst()));
      lines.addAll(schedule(best.getFirst(), view));
      if (best.getFirst().attributes().get("directory") instanceof String files) {
        lines.add("Its files: " + files);
      }
    } else {
      lines.addAll(ParetoTable.lines(view));
    }
    lines.addAll(ConfirmedLines.of(view));
    lines.addAll(recommended(view));
    if (best.stream().anyMatch(trial -> !trial.isFeasible())) {
      lines.add("No trial keeps the bounds of subject_to; the best comes nearest.");
    }
    lines.add("");
    lines.add("Study " + view.name() + ": " + counts(view));
    failures(view.trials())
        .forEach((cause, count) -> lines.add("  failed: " + count + " x " + cause));
    lines.addAll(howToSayValues(view));
    lines.addAll(unread(view.trials()));
    lines.addAll(changes(view));
    lines.addAll(replayed(view));
    lines.addAll(choices(view.trials()));
    lines.addAll(explored(view.trials()));
    lines.addAll(time(view));
    lines.addAll(gpus(view));
    lines.addAll(engines(view.trials()));
    lines.addAll(StudySheet.trainedIn(view));
    return lines.stream().map(Summary::fitted).toList();
  }

  /// One line of at most 80 columns; `--json` has everything whole.
  private static String fitted(String text) {
    var line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.codePointCount(0, line.length()) <= WIDTH
        ? line
        : line.substring(0, line.offsetByCodePoints(0, WIDTH - 1)) + "…";
  }

  /// Which engine computed what share of the proposals that models made.
  private static List<String> engines(Collection<TrialRecord> trials) {
    var counts = new TreeMap<String, Integer>();
    for (var trial : trials) {
      if (trial.notes().get("engine") instanceof String engine) {
        counts.merge(engine, 1, Integer::sum);
      }
    }
    int total = counts.values().stream().mapToInt(Integer::intValue).sum();
    var words = new ArrayList<String>();
    counts.forEach((engine, count) ->
        words.add(engine + " " + Figures.fixed(100.0 * count / total, 0) + " %"));
    return words.isEmpty()
        ? List.of()
        : List.of("Gaussian processes computed by: " + String.join(", ", words) + ".");
  }

  private static String values(TrialRecord trial, List<Objective> objectives) {
    var words = new ArrayList<String>();
    for (int i = 0; i < objectives.size(); i++) {
      words.add(objectives.get(i).metric() + " " + Figures.number(trial.values().get(i)));
    }
    return String.join(", ", words);
  }

  /// Where values have noise, or several are the best, what to use: `Expected best error 0.093,
  /// 0.09 to 0.096 (trial 17)`.
  private static List<String> recommended(StudyView view) {
    var best = view.confirmed().isEmpty() ? view.recommended() : null;
    if (best == null) {
      return List.of();
    }
    var lines = new ArrayList<String>();
    lines.add(
        (isTied(view) ? "Several trials have the best value. " : "Values have noise. ")
            + "Expected best "
            + view.objectives().getFirst().metric()
            + " "
            + Figures.number(best.expected())
            + ", "
            + Figures.number(best.low())
            + " to "
            + Figures.number(best.high())
            + "  (trial "
            + best.trial().number()
            + ")");
    if (best.trial().number() != view.best().getFirst().number()) {
      lines.addAll(parameters(best.trial()));
    }
    return lines;
  }

  private static boolean isTied(StudyView view) {
    double best = view.best().getFirst().value();
    return view.searched().stream()
            .filter(trial -> !trial.values().isEmpty() && trial.value() == best)
            .limit(2)
            .count()
        == 2;
  }

  static List<String> parameters(TrialRecord trial) {
    var values = trial.configuration().values();
    int width = values.keySet().stream().mapToInt(String::length).max().orElse(0);
    var lines = new ArrayList<String>();
    values.forEach((name, value) ->
        lines.add(clipped("  " + name + " ".repeat(width - name.length() + 2) + text(value))));
    return lines;
  }

  /// How parameters changed while the best model was trained: `steps 1-6: learning_rate 0.1`; only
  /// those that did. Empty where none did.
  static List<String> schedule(TrialRecord trial, StudyView view) {
    var parts = Schedule.of(Segment.lineage(trial, view.trials()));
    if (parts.size() < 2) {
      return List.of();
    }
    var lines = new ArrayList<>(List.of("Its schedule:"));
    for (var part : parts) {
      var words = new ArrayList<String>();
      part.params()
          .forEach((name, value) -> {
            if (parts.stream().anyMatch(p -> !Objects.equals(p.params().get(name), value))) {
              words.add(name + " " + text(value));
            }
          });
      lines.add("  steps " + (part.from() + 1) + "-" + part.to() + ": " + String.join(", ", words));
    }
    return lines;
  }

  /// A parameter's value as people read it.
  static String text(@Nullable Object value) {
    return value instanceof Double number ? Figures.number(number) : String.valueOf(value);
  }

  /// The line as far as it fits.
  static String clipped(String line) {
    return Spoken.cut(line, WIDTH);
  }

  /// What the sampler `auto` chose, and why: a line whenever it changed its mind.
  private static List<String> choices(Collection<TrialRecord> trials) {
    var lines = new ArrayList<String>();
    var last = "";
    for (var trial : trials) {
      if (trial.notes().get(AutoSampler.NOTE) instanceof String choice && !choice.equals(last)) {
        lines.add(
            "Sampler auto chose "
                + choice
                + (last.isEmpty() ? "" : " (from trial " + trial.number() + ")"));
        last = choice;
      }
    }
    return lines;
  }

  /// In how many trials the search did without a model's lead, and why: a line for each reason.
  private static List<String> explored(Collection<TrialRecord> trials) {
    var counts = new LinkedHashMap<String, Integer>();
    for (var trial : trials) {
      if (trial.notes().get(GpSampler.EXPLORES) instanceof String reason) {
        counts.merge(reason, 1, Integer::sum);
      }
    }
    var lines = new ArrayList<String>();
    counts.forEach((reason, count) ->
        lines.add("Explored in " + count + (count == 1 ? " trial: " : " trials: ") + reason));
    return lines;
  }

  /// Where the study went on under another definition.
  private static List<String> changes(StudyView view) {
    return Growth.changes(view.facts()).stream()
        .map(change ->
            "Changed before trial "
                + change.get("trial")
                + ": "
                + (change.get("differences") instanceof List<?> differences
                    ? differences.stream().map(String::valueOf).collect(Collectors.joining("; "))
                    : ""))
        .toList();
  }

  /// Where no program said a value that was understood.
  private static List<String> howToSayValues(StudyView view) {
    var bounded = unknownBound(view);
    if (bounded != null && view.count(TrialState.COMPLETE) == 0) {
      return List.of(
          "  Let the program print a line   @assay {\"" + bounded + "\": 0.31}",
          "  or say in value: where it stands, beside the objective   "
              + bounded
              + ": {number: NAME}");
    }
    var metric = view.objectives().getFirst().metric();
    return view.count(TrialState.COMPLETE) == 0
            && view.trials().stream().anyMatch(trial -> trial.cause() == Cause.NO_VALUE)
        ? List.of(
            "  Let the program print a line   @assay {\"" + metric + "\": 0.31}",
            "  or say in the study file where it stands   value: {number: " + metric + "}")
        : List.of();
  }

  /// Reports of programs that were no reports, though the trials have values: pruners and models of
  /// curves never saw them.
  private static List<String> unread(Collection<TrialRecord> trials) {
    int count = 0;
    Object first = null;
    for (var trial : trials) {
      if (trial.cause() == null
          && trial.attributes().get(CommandRunner.UNREAD) instanceof List<?> complaints
          && !complaints.isEmpty()) {
        count++;
        first = first == null ? complaints.getFirst() : first;
      }
    }
    return first == null
        ? List.of()
        : List.of("  not understood in " + count + (count == 1 ? " trial: " : " trials: ") + first);
  }

  /// What is bounded, where a trial failed for want of it alone.
  private static @Nullable String unknownBound(StudyView view) {
    return view.bounds().stream()
        .map(OutcomeConstraint::metric)
        .filter(metric -> view.trials().stream().anyMatch(t -> MissingValues.isBounded(t, metric)))
        .findFirst()
        .orElse(null);
  }

  private static String counts(StudyView view) {
    var words = new ArrayList<String>();
    for (var state : TrialState.values()) {
      int count = view.count(state);
      if (count > 0 || state.isFinished() && state != TrialState.DISCARDED) {
        words.add(count + " " + (state == TrialState.COMPLETE ? "completed" : state.word()));
      }
    }
    long confirming = view.trials().stream().filter(Confirmation::is).count();
    if (confirming > 0) {
      words.add(confirming + " of them to confirm");
    }
    return String.join(", ", words);
  }

  /// The commonest failures, in the words of the first of each kind.
  private static Map<String, Integer> failures(Collection<TrialRecord> trials) {
    var counts = new LinkedHashMap<String, Integer>();
    var firsts = new HashMap<String, String>();
    for (var trial : trials) {
      if (trial.cause() != null) {
        var detail = trial.detail().lines().findFirst().orElse("");
        var cause = trial.cause().word().replace('_', ' ');
        var words = detail.isEmpty() ? cause : cause + ": " + detail;
        counts.merge(
            firsts.computeIfAbsent(FailureWords.alike(words), _ -> words), 1, Integer::sum);
      }
    }
    var commonest = new LinkedHashMap<String, Integer>();
    if (counts.isEmpty()) {
      return commonest;
    }
    counts.entrySet().stream()
        .sorted((a, b) -> Integer.compare(b.getValue(), a.getValue()))
        .limit(5)
        .forEach(entry -> commonest.put(entry.getKey(), entry.getValue()));
    return commonest;
  }

  /// `GPU 0 busy 41 %, peak 9 of 24 GiB, leased 98 % of the time`.
  private static List<String> gpus(StudyView view) {
    var lines = new ArrayList<String>();
    if (view.facts().get(CommandRunner.GPUS) instanceof List<?> gpus) {
      for (var gpu : gpus) {
        if (gpu instanceof Map<?, ?> facts) {
          lines.add(gpu(facts));
        }
      }
    }
    return lines;
  }

  private static String gpuName(Map<?, ?> facts) {
    return facts.get("index") == null
        ? String.valueOf(facts.get("id"))
        : "GPU " + facts.get("index");
  }

  private static String gpu(Map<?, ?> facts) {
    var words = new StringBuilder(gpuName(facts));
    if (facts.get("busy") instanceof Number busy) {
      words.append(String.format(Locale.ROOT, " busy %.0f %%,", 100 * busy.doubleValue()));
    }
    if (facts.get("peak_bytes") instanceof Number peak) {
      words.append(String.format(Locale.ROOT, " peak %.1f", peak.doubleValue() / 0x1p30));
      if (facts.get("total_bytes") instanceof Number total) {
        words.append(String.format(Locale.ROOT, " of %.0f", total.doubleValue() / 0x1p30));
      }
      words.append(" GiB,");
    }
    double leased = facts.get("leased") instanceof Number share ? share.doubleValue() : 0;
    return words
        .append(String.format(Locale.ROOT, " leased %.1f %% of the time", 100 * leased))
        .toString();
  }

  /// How long the recorded runs took in their own time.
  private static List<String> replayed(StudyView view) {
    if (!(view.facts().get(TableRunner.FACT) instanceof Map<?, ?> replay)
        || !(replay.get("time") instanceof Number time)) {
      return List.of();
    }
    var amount =
        "seconds".equals(replay.get("unit"))
            ? Figures.duration(time.doubleValue())
            : Figures.number(time.doubleValue()) + " " + replay.get("unit");
    return List.of("Replayed " + amount + " of recorded time, workers: " + replay.get("workers"));
  }

  private static List<String> time(StudyView view) {
    int finished = 0;
    for (var state : TrialState.values()) {
      finished += state.isFinished() ? view.count(state) : 0;
    }
    var overhead = view.overhead();
    if (finished == 0 || overhead.wall() <= 0) {
      return List.of();
    }
    return List.of(
        "Wall time "
            + Figures.duration(overhead.wall())
            + ". A trial: suggest "
            + Figures.duration(overhead.suggest() / finished)
            + ", storage "
            + Figures.duration(overhead.storage() / finished)
            + ", idle "
            + Figures.duration(overhead.idle() / finished)
            + ".",
        sentence(Figures.verdict(overhead)));
  }

  private static String sentence(String clause) {
    return Character.toUpperCase(clause.charAt(0)) + clause.substring(1) + ".";
  }
}
