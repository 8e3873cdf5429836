package dev.assay.spec;

import dev.assay.problem.Nearest;
import dev.assay.problem.Problem;
import dev.assay.space.SearchSpace;
import dev.assay.study.Budget;
import dev.assay.study.Direction;
import dev.assay.study.Objective;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns the tree of a study file into a [StudyFile].
final class StudyReader {
  private final Path file;
  private final String text;
  private final List<String> overrides;
  private final Place root;

  StudyReader(Path file, String text, List<String> overrides) {
    this.file = file;
    this.text = text;
    this.overrides = List.copyOf(overrides);
    root = new Place(file.toString(), 1, 1, "");
  }

  /// The text of a file, without a byte order mark.
  static String text(Path file) {
    if (!Files.exists(file)) {
      throw missing(file);
    }
    if (Files.isDirectory(file)) {
      throw new Problem("This is a directory.", file.toString(), "Name the study file in it.");
    }
    try {
      var bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      var read = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return read.startsWith("\uFEFF") ? read.substring(1) : read;
    } catch (CharacterCodingException e) {
      throw new Problem(
          "The study file is not UTF-8 text.", file.toString(), "Save it as UTF-8.", e);
    } catch (IOException | OutOfMemoryError e) {
      throw new Problem(
          "The study file cannot be read.", file + ": " + e, "Check the file and its rights.", e);
    }
  }

  private static Problem missing(Path file) {
    var mend = "assay init " + file + " writes a sample.";
    var directory = file.toAbsolutePath().getParent();
    if (directory != null && Files.isDirectory(directory)) {
      try (var others = Files.list(directory)) {
        var names =
            others
                .map(other -> other.getFileName().toString())
                .filter(name -> name.matches("(?i).*\\.(ya?ml|json)"))
                .limit(1000)
                .toList();
        mend =
            names.isEmpty()
                ? mend
                : Nearest.suggest(file.getFileName().toString(), names) + " Or: " + mend;
      } catch (IOException e) {
        // The suggestion is a courtesy; the problem itself stands without it.
        mend = "assay init writes a sample.";
      }
    } else {
      mend = "There is no such directory either: check the path.";
    }
    return new Problem("There is no such study file.", file.toString(), mend);
  }

  StudyFile read() {
    boolean json = file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
    var example = "objective, maximize and space, as assay init shows";
    var tree = TreeReader.read(text, root, !json);
    if (tree == null || tree instanceof Node.Scalar(var value, _, _) && value == null) {
      throw new Problem(
          "The study file is empty.", root.source(), "assay init writes a sample to start from.");
    }
    var part = Section.STUDY.of(Overrides.apply(tree.fields(example), overrides));
    var directory = file.toAbsolutePath().getParent();
    var objective =
        new ObjectiveReader(directory == null ? Path.of("") : directory)
            .read(part.get("objective"));
    var space = space(part, objective);
    int parallel = part.get("parallel") instanceof Node node ? node.count(1) : 1;
    return new StudyFile(
        name(part),
        file,
        text,
        overrides,
        objective,
        objectives(part, objective),
        space,
        algorithm(part, "sampler", "auto", "sampler: {gp: {acquisition: logei}}"),
        algorithm(part, "pruner", "none", "pruner: {hyperband: {min: 1, max: 27}}"),
        budget(part),
        parallel,
        batch(part, objective, parallel),
        part.get("seed") instanceof Node node ? node.whole() : 0,
        start(part, space),
        part.get("storage") instanceof Node node ? new Located<>(node.text(), node.place()) : null);
  }

  private String name(Section.Part part) {
    if (part.get("name") instanceof Node node) {
      return node.text();
    }
    var fileName = String.valueOf(file.getFileName());
    int dot = fileName.lastIndexOf('.');
    return dot > 0 ? fileName.substring(0, dot) : fileName;
  }

  private List<Located<Objective>> objectives(Section.Part part, ObjectiveSpec spec) {
    var objectives = new ArrayList<Located<Objective>>();
    for (var entry : part.fields().entries().entrySet()) {
      switch (entry.getKey()) {
        case "minimize" -> addObjectives(objectives, entry.getValue(), Direction.MINIMIZE);
        case "maximize" -> addObjectives(objectives, entry.getValue(), Direction.MAXIMIZE);
        case String _ -> {}
      }
    }
    if (objectives.isEmpty() && spec instanceof ObjectiveSpec.Function(var name)) {
      return List.of(new Located<>(Objective.minimize("value"), name.place()));
    }
    if (objectives.isEmpty()) {
      throw new Problem(
          "The study does not say what is better.",
          "neither minimize nor maximize (" + root + ")",
          "Add one: maximize: accuracy, or minimize: loss.");
    }
    return List.copyOf(objectives);
  }

  private static void addObjectives(
      List<Located<Objective>> objectives, Node node, Direction direction) {
    var metrics = node instanceof Node.Elements(var nodes, _) ? nodes : List.of(node);
    for (var metric : metrics) {
      var name = metric.text();
      if (objectives.stream().anyMatch(o -> o.value().metric().equals(name))) {
        throw metric.problem("A metric stands twice among the objectives.", "Remove one.");
      }
      objectives.add(new Located<>(new Objective(name, direction), metric.place()));
    }
  }

  private static @Nullable SearchSpace space(Section.Part part, ObjectiveSpec objective) {
    boolean bringsOwn =
        switch (objective) {
          case ObjectiveSpec.Table _, ObjectiveSpec.Function _ -> true;
          case ObjectiveSpec.Train _, ObjectiveSpec.Command _, ObjectiveSpec.AskTell _ -> false;
        };
    var constraints = part.get("constraints");
    if (bringsOwn && !part.has("space")) {
      if (constraints != null) {
        throw constraints.problem(
            "Constraints need a space.", "Write down space: too, or leave them out.");
      }
      return null;
    }
    var example = "space: {learning_rate: {float: [1e-4, 1.0], log: true}}";
    var node = part.require("space", example).fields(example);
    var space = SpaceReader.read(node, constraints);
    if (objective instanceof ObjectiveSpec.Train train) {
      train
          .fixed()
          .forEach((name, value) -> {
            if (space.parameters().stream().anyMatch(p -> p.name().equals(name))) {
              throw new Problem(
                  "A parameter cannot be fixed and searched at once.",
                  name + " (" + value.place() + ")",
                  "Remove it from fixed or from space.");
            }
          });
    }
    return space;
  }

  private AlgorithmSpec algorithm(Section.Part part, String key, String unsaid, String example) {
    return part.get(key) instanceof Node node
        ? AlgorithmSpec.read(node, example)
        : AlgorithmSpec.unsaid(unsaid, root);
  }

  private static Budget budget(Section.Part part) {
    if (!(part.get("budget") instanceof Node node)) {
      return Budget.UNLIMITED;
    }
    var budget = Section.BUDGET.of(node.fields("budget: {trials: 200, time: 30m}"));
    var time = budget.get("time");
    return new Budget(
        budget.get("trials") instanceof Node trials ? (Integer) trials.count(1) : null,
        time == null ? null : time(time),
        budget.get("target") instanceof Node target ? (Double) target.number() : null,
        budget.get("no_improvement") instanceof Node patience ? (Integer) patience.count(1) : null);
  }

  private static java.time.Duration time(Node node) {
    if (node instanceof Node.Scalar(Number _, var text, _)) {
      throw node.problem("A time needs a unit.", "Write " + text + "s, " + text + "m or the like.");
    }
    var written = node.text();
    return node.place()
        .locate(() -> {
          var time = Durations.parse(written);
          return java.util.Objects.requireNonNull(new Budget(null, time, null, null).time());
        });
  }

  /// An explicit batch asks for batches; otherwise those trials that others run never wait.
  private static int batch(Section.Part part, ObjectiveSpec objective, int parallel) {
    var batch = part.get("batch");
    var schedule = part.get("schedule");
    if (schedule == null) {
      boolean external =
          objective instanceof ObjectiveSpec.Command || objective instanceof ObjectiveSpec.AskTell;
      return batch != null ? batch.count(1) : external ? 0 : parallel;
    }
    return switch (schedule.text()) {
      case "batch" -> batch != null ? batch.count(1) : parallel;
      case "async" -> {
        if (batch != null) {
          throw batch.problem(
              "An asynchronous study has no batches.", "Leave out batch, or say schedule: batch.");
        }
        yield 0;
      }
      case String other ->
          throw schedule.problem(
              "There is no such schedule.", Nearest.suggest(other, List.of("batch", "async")));
    };
  }

  private static List<Located<Map<String, @Nullable Object>>> start(
      Section.Part part, @Nullable SearchSpace space) {
    if (!(part.get("start") instanceof Node node)) {
      return List.of();
    }
    var example = "start: [{learning_rate: 0.01, hidden: 64}]";
    var start = new ArrayList<Located<Map<String, @Nullable Object>>>();
    for (var element : node.elements(example).nodes()) {
      var values = element.fields(example).plain();
      if (space != null) {
        element.place().locate(() -> space.configuration(values));
      }
      start.add(new Located<>(values, element.place()));
    }
    return List.copyOf(start);
  }
}
