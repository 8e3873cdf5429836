package dev.assay.spec;

import dev.assay.problem.Problem;
import dev.assay.study.Budget;
import dev.assay.study.Direction;
import dev.assay.study.Objective;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the tree of a study file. The keys of every map stand here and in `study.schema.json`; a
/// test keeps them the same.
final class StudyFileReader {
  static final List<String> KEYS =
      List.of(
          "name",
          "objective",
          "maximize",
          "minimize",
          "space",
          "constraints",
          "sampler",
          "pruner",
          "budget",
          "start",
          "parallel",
          "batch",
          "schedule",
          "seed",
          "storage");
  static final List<String> OBJECTIVE_KEYS =
      List.of("train", "data", "label", "cv", "holdout", "fixed", "command", "table", "function");
  static final List<String> BUDGET_KEYS = List.of("trials", "time", "target", "no_improvement");

  /// Without `cv:` this share of the rows validates.
  private static final double DEFAULT_HOLDOUT = 0.2;

  private static final Pattern DURATION =
      Pattern.compile("(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+(?:\\.\\d+)?)s)?");

  private StudyFileReader() {}

  static StudyFile read(Path file, String text, Node root) {
    var top = Section.of(root, "a map: name, objective, space", KEYS);
    var space = top.get("space");
    if (space == null) {
      throw new Problem(
          "The file has no space.",
          root.place().source(),
          "Add space: with the parameters to search.");
    }
    var objective = top.get("objective", StudyFileReader::objective, new ObjectiveSpec.AskTell());
    int parallel = top.get("parallel", Node::count, 1);
    return new StudyFile(
        top.get("name", StudyFileReader::name, baseName(file)),
        file.toAbsolutePath().resolveSibling(""),
        text,
        objective,
        objectives(top),
        SpaceReader.read(space, top.get("constraints")),
        top.get("sampler", Named::of, new Named("auto", Map.of(), root.place())),
        top.get("pruner", Named::of, new Named("none", Map.of(), root.place())),
        top.get("budget", StudyFileReader::budget, Budget.UNLIMITED),
        top.get("start", StudyFileReader::start, List.of()),
        parallel,
        batch(top, objective, parallel),
        top.get("seed", Node::whole, 0L),
        top.get("storage", Node::text, null));
  }

  private static String baseName(Path file) {
    var name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private static String name(Node node) {
    var name = node instanceof Node.Scalar(_, Number number) ? number.toString() : node.text();
    if (name.isBlank()) {
      throw node.problem("A study needs a name.", "Name it, or leave the key out.");
    }
    return name;
  }

  private static ObjectiveSpec objective(Node node) {
    var section = Section.of(node, "{train: mlp, data: digits, cv: 5}", OBJECTIVE_KEYS);
    var kinds = new ArrayList<String>();
    for (var kind : List.of("train", "command", "table", "function")) {
      if (section.get(kind) != null) {
        kinds.add(kind);
      }
    }
    if (kinds.size() != 1) {
      throw node.problem(
          "An objective is exactly one of train, command, table and function.",
          kinds.isEmpty() ? "Add train: mlp." : "Keep one of " + String.join(", ", kinds) + ".");
    }
    var kind = kinds.getFirst();
    var body = java.util.Objects.requireNonNull(section.get(kind));
    if (!kind.equals("train")) {
      section.fields().forEach((key, value) -> refuse(key, kind, value));
    }
    return switch (kind) {
      case "train" -> train(section, body);
      case "command" ->
          new ObjectiveSpec.Command(
              body.items("[python3, train.py, --lr, \"{learning_rate}\"]").stream()
                  .map(word -> String.valueOf(word.plain()))
                  .toList(),
              body.place());
      case "table" -> new ObjectiveSpec.Table(body.text(), body.place());
      default -> new ObjectiveSpec.Function(body.text(), body.place());
    };
  }

  private static void refuse(String key, String kind, Node value) {
    if (!key.equals(kind)) {
      throw value.problem(
          "This key does not go with " + kind + ".", "It belongs to train: remove it.");
    }
  }

  private static ObjectiveSpec train(Section section, Node model) {
    var data = section.get("data");
    if (data == null) {
      throw section
          .node()
          .problem("The trainer needs data.", "Add data: digits, or the path of a CSV file.");
    }
    var cv = section.get("cv");
    var holdout = section.get("holdout");
    if (cv != null && holdout != null) {
      throw holdout.problem("cv and holdout exclude each other.", "Keep one of them.");
    }
    model.text();
    return new ObjectiveSpec.Train(
        model,
        data,
        section.get("label", Node::text, null),
        cv == null ? 0 : cv.count(),
        holdout == null ? DEFAULT_HOLDOUT : holdout.number(),
        section.get("fixed", node -> node.fields("{epochs: 30}"), Map.of()));
  }

  private static List<Objective> objectives(Section top) {
    var objectives = new ArrayList<Objective>();
    top.fields()
        .forEach((key, value) -> {
          if (key.equals("maximize") || key.equals("minimize")) {
            var direction = key.equals("maximize") ? Direction.MAXIMIZE : Direction.MINIMIZE;
            metrics(value).forEach(metric -> add(objectives, metric, direction));
          }
        });
    if (objectives.isEmpty()) {
      throw new Problem(
          "The file does not say what is optimised.",
          top.node().place().source(),
          "Add maximize: accuracy, or minimize: loss.");
    }
    return objectives;
  }

  private static List<Node> metrics(Node node) {
    return node instanceof Node.Items(_, var items) ? items : List.of(node);
  }

  private static void add(List<Objective> objectives, Node metric, Direction direction) {
    var name = metric.text();
    if (objectives.stream().anyMatch(objective -> objective.metric().equals(name))) {
      throw metric.problem("A metric stands twice among the objectives.", "Remove one.");
    }
    objectives.add(new Objective(name, direction));
  }

  private static Budget budget(Node node) {
    var section = Section.of(node, "{trials: 200, time: 30m}", BUDGET_KEYS);
    return new Budget(
        section.get("trials", Node::count, null),
        section.get("time", value -> duration(value), null),
        section.get("target", Node::number, null),
        section.get("no_improvement", Node::count, null));
  }

  private static Duration duration(Node node) {
    if (node instanceof Node.Scalar(_, Number seconds) && seconds.doubleValue() > 0) {
      return Duration.ofNanos((long) (seconds.doubleValue() * 1e9));
    }
    var duration = duration(node instanceof Node.Scalar(_, String text) ? text : "");
    if (duration == null) {
      throw node.problem("A duration is expected here.", "Write 30m, 8h, 90s or 1h30m.");
    }
    return duration;
  }

  /// The duration that a text like `1h30m` means; null when it means none.
  static @Nullable Duration duration(String text) {
    var matcher = DURATION.matcher(text.strip());
    if (text.isBlank() || !matcher.matches()) {
      return null;
    }
    double seconds =
        part(matcher.group(1)) * 3600 + part(matcher.group(2)) * 60 + part(matcher.group(3));
    return seconds > 0 ? Duration.ofNanos((long) (seconds * 1e9)) : null;
  }

  private static double part(@Nullable String digits) {
    return digits == null ? 0 : Double.parseDouble(digits);
  }

  private static List<Map<String, @Nullable Object>> start(Node node) {
    var configurations = new ArrayList<Map<String, @Nullable Object>>();
    for (var item : node.items("[{learning_rate: 0.01}]")) {
      var values = new LinkedHashMap<String, @Nullable Object>();
      item.fields("{learning_rate: 0.01}").forEach((key, value) -> values.put(key, value.plain()));
      configurations.add(values);
    }
    return configurations;
  }

  private static int batch(Section top, ObjectiveSpec objective, int parallel) {
    var schedule = top.get("schedule");
    var batch = top.get("batch");
    boolean async =
        schedule == null
            ? objective instanceof ObjectiveSpec.Command && batch == null
                || objective instanceof ObjectiveSpec.AskTell
            : switch (schedule.text()) {
              case "async" -> true;
              case "batch" -> false;
              case String other ->
                  throw schedule.problem(
                      "There is no such schedule.", "Known: async, batch; not " + other + ".");
            };
    if (async && batch != null && schedule != null) {
      throw batch.problem("An asynchronous schedule has no batches.", "Remove batch or schedule.");
    }
    return async ? 0 : batch == null ? parallel : batch.count();
  }
}
