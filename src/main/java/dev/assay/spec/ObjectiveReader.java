package dev.assay.spec;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.run.table.ReplayTable;
import dev.assay.train.TrainEngine.Precision;
import dev.assay.train.Validation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads `objective:`.
final class ObjectiveReader {
  /// Without `cv`, `holdout` and `time_series` this share of the rows validates.
  private static final double DEFAULT_HOLDOUT = 0.2;

  private static final Map<String, Section> KINDS =
      Map.of(
          "train", Section.TRAIN,
          "command", Section.COMMAND,
          "table", Section.TABLE,
          "kernel", Section.KERNEL,
          "function", Section.FUNCTION);

  private ObjectiveReader() {}

  /// @param directory what paths are relative to
  static ObjectiveSpec read(@Nullable Node node, Path directory) {
    if (node == null) {
      return new ObjectiveSpec.AskTell();
    }
    var fields = node.fields("objective: {train: mlp, data: digits, cv: 5}");
    var kinds =
        fields.entries().keySet().stream()
            .filter(KINDS::containsKey)
            // a kernel has a function too
            .filter(key -> !key.equals("function") || !fields.entries().containsKey("kernel"))
            .toList();
    if (kinds.size() != 1) {
      throw wrongKinds(fields, kinds);
    }
    var section = KINDS.get(kinds.getFirst());
    return switch (section) {
      case TRAIN -> train(Section.TRAIN.of(fields));
      case COMMAND -> CommandReader.read(Section.COMMAND.of(fields));
      case KERNEL -> KernelReader.read(Section.KERNEL.of(fields));
      case TABLE -> table(Section.TABLE.of(fields), directory);
      case FUNCTION -> {
        var function = Section.FUNCTION.of(fields).require("function", "function: branin");
        yield new ObjectiveSpec.Function(function.text(), function.place());
      }
      case null, default -> throw new IllegalStateException(String.valueOf(section));
    };
  }

  private static ObjectiveSpec table(Section.Part part, Path directory) {
    var table = part.require("table", "table: runs.csv.gz");
    var file = table.text();
    return new ObjectiveSpec.Table(
        file,
        table.place().locate(() -> ReplayTable.read(directory.resolve(file))),
        part.get("repeats"),
        table.place());
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
        "An objective is one of train, command, kernel, table and function.",
        (kinds.isEmpty() ? "none" : String.join(" and ", kinds)) + " (" + fields.place() + ")",
        kinds.isEmpty()
            ? "Add one: train: mlp, or command: [python3, train.py, \"{args}\"]."
            : "Keep one of them.");
  }

  private static ObjectiveSpec train(Section.Part part) {
    var model = part.require("train", "train: mlp");
    model.text();
    var data = part.require("data", "data: digits, or data: my.csv");
    checkData(data, part.get("label"));
    var label = part.get("label");
    var groups = part.get("groups");
    return new ObjectiveSpec.Train(
        model,
        data,
        label == null ? null : label.text(),
        groups == null ? null : groups.text(),
        columns(part, "drop"),
        columns(part, "categories"),
        validation(part),
        part.get("train_scores") instanceof Node scores && scores.truth(),
        part.get("fixed") instanceof Node fixed ? fixed(fixed) : Map.of(),
        RepeatsReader.read(part.get("repeats")),
        precision(part.get("precision")));
  }

  private static Precision precision(@Nullable Node node) {
    if (node == null) {
      return Precision.FP32;
    }
    var text = node.text();
    int which = Precision.KEYS.indexOf(text);
    if (which < 0) {
      throw node.problem(
          "The trainer has no such precision.", Nearest.suggest(text, Precision.KEYS));
    }
    return Precision.values()[which];
  }

  /// One column, or a list of them.
  private static List<String> columns(Section.Part part, String key) {
    return switch (part.get(key)) {
      case null -> List.of();
      case Node.Elements(var nodes, _) -> nodes.stream().map(Node::text).toList();
      case Node node -> List.of(node.text());
    };
  }

  private static Map<String, Node> fixed(Node node) {
    var fixed = node.fields("fixed: {epochs: 30}").entries();
    for (var value : fixed.values()) {
      if (!(value instanceof Node.Scalar)) {
        throw value.problem("A fixed parameter has one value.", "To search it, move it to space.");
      }
    }
    return fixed;
  }

  private static void checkData(Node data, @Nullable Node label) {
    if (data instanceof Node.Scalar) {
      var csv = data.text().toLowerCase(Locale.ROOT).matches(".*\\.[ct]sv(\\.gz)?");
      if (label != null && !csv) {
        throw label.problem(
            "A label column is for CSV files only.", "Leave it out: this data knows its labels.");
      }
      return;
    }
    var example = "data: {images: train-images.gz, labels: train-labels.gz}";
    var idx = Section.IDX.of(data.fields(example));
    idx.require("images", example).text();
    idx.require("labels", example).text();
    if (label != null) {
      throw label.problem(
          "A label column is for CSV files only.", "Leave it out: the labels are a file here.");
    }
  }

  private static Validation validation(Section.Part part) {
    var given =
        Stream.of("cv", "holdout", "time_series").filter(key -> part.get(key) != null).toList();
    if (given.size() > 1) {
      throw Objects.requireNonNull(part.get(given.get(1)))
          .problem(String.join(" and ", given) + " exclude each other.", "Keep one of them.");
    }
    var groups = part.get("groups");
    if (groups != null && !given.equals(List.of("cv"))) {
      throw groups.problem("Groups of rows are for cross-validation.", "Add cv: 5.");
    }
    if (part.get("cv") instanceof Node folds) {
      int k = folds.count(2);
      return groups == null ? new Validation.CrossValidation(k) : new Validation.GroupFolds(k);
    }
    if (part.get("time_series") instanceof Node folds) {
      return new Validation.TimeSeries(folds.count(2));
    }
    double fraction = part.get("holdout") instanceof Node held ? held.number() : DEFAULT_HOLDOUT;
    if (!(fraction > 0 && fraction < 1)) {
      throw Objects.requireNonNull(part.get("holdout"))
          .problem(
              "The share of rows held out must lie between 0 and 1.", "Write it like this: 0.2.");
    }
    return new Validation.HoldOut(fraction);
  }
}
