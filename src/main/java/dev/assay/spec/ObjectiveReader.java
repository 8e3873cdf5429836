package dev.assay.spec;

import dev.assay.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads `objective:`.
final class ObjectiveReader {
  /// What stands for `cv` and `holdout` where neither is said.
  private static final int DEFAULT_FOLDS = 5;

  private static final Map<String, Section> KINDS =
      Map.of(
          "train", Section.TRAIN,
          "command", Section.COMMAND,
          "table", Section.TABLE,
          "function", Section.FUNCTION);

  /// The study file's directory: paths are relative to it.
  private final Path directory;

  ObjectiveReader(Path directory) {
    this.directory = directory;
  }

  ObjectiveSpec read(@Nullable Node node) {
    if (node == null) {
      return new ObjectiveSpec.AskTell();
    }
    var fields = node.fields("objective: {train: mlp, data: digits, cv: 5}");
    var kinds = fields.entries().keySet().stream().filter(KINDS::containsKey).toList();
    if (kinds.size() != 1) {
      throw wrongKinds(fields, kinds);
    }
    var section = KINDS.get(kinds.getFirst());
    return switch (section) {
      case TRAIN -> train(Section.TRAIN.of(fields));
      case COMMAND -> command(Section.COMMAND.of(fields));
      case TABLE ->
          new ObjectiveSpec.Table(path(Section.TABLE.of(fields).require("table", "table: t.csv")));
      case FUNCTION ->
          new ObjectiveSpec.Function(
              text(Section.FUNCTION.of(fields).require("function", "function: branin")));
      case null, default -> throw new IllegalStateException(String.valueOf(section));
    };
  }

  private static Problem wrongKinds(Node.Fields fields, List<String> kinds) {
    if (kinds.isEmpty()) {
      var known = new ArrayList<String>();
      KINDS.values().forEach(section -> known.addAll(section.keys()));
      for (var key : fields.entries().keySet()) {
        if (!known.contains(key)) {
          return Section.unknown(key, fields, known);
        }
      }
    }
    return new Problem(
        "An objective is one of train, command, table and function.",
        (kinds.isEmpty() ? "none" : String.join(" and ", kinds)) + " (" + fields.place() + ")",
        kinds.isEmpty()
            ? "Add one: train: mlp, or command: [python3, train.py, \"{args}\"]."
            : "Keep one of them.");
  }

  private ObjectiveSpec train(Section.Part part) {
    var fixed = new LinkedHashMap<String, Located<@Nullable Object>>();
    if (part.get("fixed") instanceof Node node) {
      node.fields("fixed: {epochs: 30}")
          .entries()
          .forEach((name, value) -> {
            if (!(value instanceof Node.Scalar scalar)) {
              throw value.problem(
                  "A fixed parameter has one value.", "To search it, move it to space.");
            }
            fixed.put(name, new Located<>(scalar.value(), scalar.place()));
          });
    }
    return new ObjectiveSpec.Train(
        text(part.require("train", "train: mlp")), data(part), validation(part), fixed);
  }

  private ObjectiveSpec.Data data(Section.Part part) {
    var node = part.require("data", "data: digits, or data: my.csv");
    var label = part.get("label");
    if (node instanceof Node.Scalar) {
      var name = text(node);
      var lower = name.value().toLowerCase(Locale.ROOT);
      if (lower.endsWith(".csv") || lower.endsWith(".csv.gz")) {
        return new ObjectiveSpec.Data.Csv(path(node), label == null ? null : text(label));
      }
      refuse(label);
      return new ObjectiveSpec.Data.Bundled(name);
    }
    refuse(label);
    var example = "data: {images: train-images.gz, labels: train-labels.gz}";
    var idx = Section.IDX.of(node.fields(example));
    return new ObjectiveSpec.Data.Idx(
        path(idx.require("images", example)), path(idx.require("labels", example)));
  }

  private static void refuse(@Nullable Node label) {
    if (label != null) {
      throw label.problem(
          "A label column is for CSV files only.", "Leave it out: this data set knows its labels.");
    }
  }

  private static ObjectiveSpec.Validation validation(Section.Part part) {
    var folds = part.get("cv");
    var holdout = part.get("holdout");
    if (holdout == null) {
      return new ObjectiveSpec.Validation.CrossValidation(
          folds == null ? DEFAULT_FOLDS : folds.count(2));
    }
    if (folds != null) {
      throw holdout.problem("cv and holdout exclude each other.", "Keep one of them.");
    }
    double fraction = holdout.number();
    if (!(fraction > 0 && fraction < 1)) {
      throw holdout.problem(
          "The share of rows held out must lie between 0 and 1.", "Write it like this: 0.2.");
    }
    return new ObjectiveSpec.Validation.Holdout(fraction);
  }

  private ObjectiveSpec command(Section.Part part) {
    var example = "command: [python3, train.py, \"{args}\"]";
    var node = part.require("command", example);
    var words = new ArrayList<String>();
    for (var word : node.elements(example).nodes()) {
      if (!(word instanceof Node.Scalar(var value, var text, _)) || value == null) {
        throw word.problem("A text is expected here.", "Write it like this: " + example);
      }
      words.add(text);
    }
    if (words.isEmpty() || words.getFirst().isBlank()) {
      throw node.problem("The command is empty.", "Write it like this: " + example);
    }
    var cwd = part.get("cwd");
    return new ObjectiveSpec.Command(
        new Located<>(List.copyOf(words), node.place()),
        cwd == null ? new Located<>(directory, node.place()) : path(cwd));
  }

  private static Located<String> text(Node node) {
    return new Located<>(node.text(), node.place());
  }

  private Located<Path> path(Node node) {
    var text = node.text();
    try {
      return new Located<>(directory.resolve(text), node.place());
    } catch (java.nio.file.InvalidPathException e) {
      throw node.problem("This cannot be a path.", "Give the path of a file.");
    }
  }
}
