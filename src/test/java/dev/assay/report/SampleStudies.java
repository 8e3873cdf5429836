package dev.assay.report;

import dev.assay.internal.space.SpaceDescription;
import dev.assay.random.Philox;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StudyDefinition;
import dev.assay.trial.Cause;
import dev.assay.trial.Objective;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Studies made by hand, of every kind that a report may meet.
final class SampleStudies {
  private static final long START = 1_767_225_600_000L;

  private SampleStudies() {}

  static SearchSpace plainSpace() {
    return SearchSpace.builder()
        .add("learning_rate", FloatRange.log(1e-4, 1))
        .add("momentum", new FloatRange(0, 0.99))
        .add("hidden", IntRange.log(16, 256))
        .add("batch_size", Choice.ordered(16, 32, 64, 128))
        .build();
  }

  static SearchSpace conditionalSpace() {
    return SearchSpace.builder()
        .add("learning_rate", FloatRange.log(1e-4, 1))
        .add("hidden", IntRange.log(16, 256))
        .add("optimizer", Choice.of("sgd", "adam"))
        .add("nesterov", Choice.of(true, false), Condition.when("optimizer", "sgd"))
        .add("momentum", new FloatRange(0, 0.99), Condition.when("optimizer", "sgd"))
        .add("beta2", new FloatRange(0.9, 0.9999), Condition.when("optimizer", "adam"))
        .add("warmup", new IntRange(0, 5))
        .build();
  }

  static StudyDefinition definition(String name, SearchSpace space, Objective... objectives) {
    var content = new LinkedHashMap<String, @Nullable Object>();
    content.put("space", SpaceDescription.of(space));
    content.put(
        "objectives",
        java.util.Arrays.stream(objectives)
            .map(o -> Map.of("metric", o.metric(), "direction", o.direction().name()))
            .toList());
    content.put("sampler", Map.of("name", "gp", "settings", Map.of("acquisition", "logei")));
    content.put("pruner", Map.of("name", "median", "settings", Map.of("warmup", 3)));
    content.put("seed", 42L);
    content.put("batch", 4);
    content.put("objective", Map.of("train", "mlp", "data", "digits", "cv", 5));
    return new StudyDefinition(name, content);
  }

  static Map<String, @Nullable Object> facts(double wall) {
    var facts = new LinkedHashMap<String, @Nullable Object>();
    facts.put(
        "seconds",
        Map.of(
            "wall", wall, "suggest", wall * 0.003, "storage", wall * 0.001, "idle", wall * 0.01));
    facts.put(StudyView.BACKEND, "cpu");
    facts.put(
        StudyView.PROVENANCE,
        Map.of("version", "0.1.0", "commit", "7701de2", "java", "25.0.1", "cpu", "2 cores"));
    facts.put(
        StudyView.STUDY_FILE,
        """
        name: digits-mlp
        objective: {train: mlp, data: digits, cv: 5}
        maximize: accuracy
        space:
          learning_rate: {float: [1e-4, 1.0], log: true}   # <b>not markup</b>
        """);
    return facts;
  }

  /// A study of one objective: completed, pruned, failed and running trials, curves, fold scores.
  static StudyView single(int n) {
    var definition = definition("digits-mlp", plainSpace(), Objective.maximize("accuracy"));
    return StudyView.of(definition, trials(plainSpace(), n, 9), facts(n * 0.62));
  }

  /// As [#single], with a bound on an outcome.
  static StudyView bounded(int n, String bound) {
    var single = single(n);
    return StudyView.of(bounded(single.definition(), bound), single.trials(), facts(n * 0.62));
  }

  static StudyDefinition bounded(StudyDefinition definition, String bound) {
    var content = new LinkedHashMap<String, @Nullable Object>(definition.content());
    content.put("constraints", List.of(bound));
    return new StudyDefinition(definition.name(), content);
  }

  static StudyView conditional(int n) {
    var definition = definition("conditional", conditionalSpace(), Objective.maximize("accuracy"));
    return StudyView.of(definition, trials(conditionalSpace(), n, 9), facts(n * 0.62));
  }

  static List<TrialRecord> trials(SearchSpace space, int n, int steps) {
    var random = new Philox(7, 1);
    var trials = new ArrayList<TrialRecord>();
    for (int t = 0; t < n; t++) {
      var configuration = space.draw(random);
      double rate = Math.log10(configuration.number("learning_rate"));
      double size = configuration.number("hidden") / 256;
      double goal = 0.985 - 0.05 * Math.pow(rate + 2, 2) - 0.02 * (1 - size);
      var state =
          t >= n - 2
              ? TrialState.RUNNING
              : t % 17 == 5
                  ? TrialState.FAILED
                  : t % 5 == 3 && goal < 0.93 ? TrialState.PRUNED : TrialState.COMPLETE;
      var reports = new ArrayList<Report>();
      for (int s = 1; s <= (state == TrialState.COMPLETE ? steps : steps / 3); s++) {
        double noise = 0.01 * random.nextGaussian() / s;
        reports.add(new Report(s, List.of(goal * (1 - 0.5 / (s + 1)) + noise)));
      }
      double value = goal + 0.004 * random.nextGaussian();
      double seconds = 0.4 + 1.6 * size + 0.2 * random.nextDouble();
      trials.add(
          new TrialRecord(
              t,
              state,
              configuration,
              Map.of(),
              reports,
              state == TrialState.COMPLETE ? List.of(value) : List.of(),
              state == TrialState.FAILED ? cause(t) : null,
              state == TrialState.FAILED ? detail(t) : "",
              state == TrialState.COMPLETE
                  ? Map.of("fold_scores", List.of(value - 0.01, value, value + 0.01))
                  : Map.of(),
              START + 310L * t,
              state.isFinished() ? seconds : 0,
              t == 4 ? 1 : 0));
    }
    return trials;
  }

  private static Cause cause(int t) {
    return t % 3 == 0 ? Cause.OUT_OF_MEMORY : t % 3 == 1 ? Cause.TIMEOUT : Cause.ERROR;
  }

  private static String detail(int t) {
    return t % 3 == 0
        ? "CUDA out of memory: tried to allocate 2.00 GiB"
        : "epoch 3: loss <inf> & \"rising\"\nTraceback:\n  train.py, line " + (20 + t % 4);
  }

  /// Every trial failed.
  static StudyView allFailed() {
    var space = plainSpace();
    var random = new Philox(3, 3);
    var trials = new ArrayList<TrialRecord>();
    for (int t = 0; t < 20; t++) {
      trials.add(
          new TrialRecord(
              t,
              TrialState.FAILED,
              space.draw(random),
              Map.of(),
              List.of(new Report(1, List.of(Double.NaN))),
              List.of(),
              t % 4 == 0 ? Cause.NOT_FINITE : cause(t),
              detail(t),
              Map.of(),
              START + 1000L * t,
              0.3,
              0));
    }
    return StudyView.of(
        definition("all failed", space, Objective.minimize("loss")), trials, facts(21));
  }

  static StudyView empty() {
    return StudyView.of(
        definition("empty", plainSpace(), Objective.minimize("loss")), List.of(), Map.of());
  }

  /// Accuracy against seconds.
  static StudyView multiObjective(int n) {
    var space = conditionalSpace();
    var random = new Philox(11, 0);
    var trials = new ArrayList<TrialRecord>();
    for (var trial : trials(space, n, 4)) {
      if (trial.state() != TrialState.COMPLETE) {
        trials.add(withValues(trial, List.of(), List.of()));
        continue;
      }
      double cost = trial.seconds() * (1 + 0.3 * random.nextDouble());
      var reports =
          trial.reports().stream()
              .map(r -> new Report(r.step(), List.of(r.values().getFirst(), cost * r.step() / 4)))
              .toList();
      trials.add(withValues(trial, List.of(trial.value(), cost), reports));
    }
    return StudyView.of(
        definition(
            "accuracy and latency",
            space,
            Objective.maximize("accuracy"),
            Objective.minimize("latency_seconds")),
        trials,
        facts(n * 0.62));
  }

  static TrialRecord withValues(TrialRecord trial, List<Double> values, List<Report> reports) {
    return new TrialRecord(
        trial.number(),
        trial.state(),
        trial.configuration(),
        trial.notes(),
        reports,
        values,
        trial.cause(),
        trial.detail(),
        trial.attributes(),
        trial.startedMillis(),
        trial.seconds(),
        trial.restarts());
  }

  /// Names and values that try to be more than text.
  static StudyView hostile() {
    var script = "</script><script>document.title='owned'</script>";
    var space =
        SearchSpace.builder()
            .add(script, new FloatRange(0, 1))
            .add("\"quoted\" & 'single'", Choice.of("<img src=x onerror=alert(1)>", "💎 emoji"))
            .add("long", Choice.of("x".repeat(10_000), "y\u2028z"))
            .build();
    var random = new Philox(5, 0);
    var trials = new ArrayList<TrialRecord>();
    for (int t = 0; t < 12; t++) {
      trials.add(
          new TrialRecord(
              t,
              t == 3 ? TrialState.FAILED : TrialState.COMPLETE,
              space.draw(random),
              Map.of(),
              List.of(),
              t == 3 ? List.of() : List.of((double) t),
              t == 3 ? Cause.ERROR : null,
              t == 3 ? script : "",
              Map.of("<i>key</i>", script, "text", "z".repeat(10_000)),
              START + t * 1000L,
              0.5,
              0));
    }
    return StudyView.of(
        definition("<b>" + script + " \"&amp; 💥", space, Objective.minimize("<u>loss</u>")),
        trials,
        Map.of("<b>fact</b>", script, StudyView.STUDY_FILE, script));
  }
}
