package dev.assay.run.table;

import dev.assay.internal.words.Spoken;
import dev.assay.problem.Problem;
import dev.assay.trial.Direction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the JSON beside a table:
///
/// ```json
/// {"parameters": {"lr": {"type": "float", "min": 1e-4, "max": 1, "log": true},
///                 "units": {"type": "int", "min": 16, "max": 512},
///                 "batch": {"type": "ordinal", "values": [16, 32, 64]},
///                 "act": {"type": "categorical", "values": ["relu", "tanh"]},
///                 "tile": [8, 16, 32]},
///  "metric": "val_loss", "direction": "minimize"}
/// ```
///
/// A range without bounds is that of the column. `"log_of": "1 - x"`: searched as `one_minus_NAME`.
/// `objective` may stand for `metric`; words behind its first are a unit. Other keys are ignored.
final class TableDescription {
  private final String file;
  private final JsonNode json;
  private final TableColumns columns;

  private TableDescription(String file, JsonNode json, TableColumns columns) {
    this.file = file;
    this.json = json;
    this.columns = columns;
  }

  static ReplayTable read(Path csv) {
    var columns = TableColumns.read(csv);
    var name = String.valueOf(csv.getFileName()).replaceFirst("(?i)\\.csv(\\.gz)?$", "");
    var path = csv.resolveSibling(name + ".json");
    return new TableDescription(path.toString(), parse(path), columns).table();
  }

  private static JsonNode parse(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new Problem(
          "The table has no description beside it.",
          path.toString(),
          "Write one: {\"parameters\": {\"lr\": {\"type\": \"float\", \"log\": true}}, "
              + "\"metric\": \"loss\", \"direction\": \"minimize\"}.");
    }
    try {
      return JsonMapper.shared().readTree(Files.readString(path));
    } catch (IOException | JacksonException e) {
      throw new Problem(
          "The table's description cannot be read.",
          path + ": " + Spoken.ofParser(e.getMessage()),
          "Check that it is JSON.",
          e);
    }
  }

  private ReplayTable table() {
    var described = json.path("parameters");
    if (!described.isObject() || described.isEmpty()) {
      throw wrong("parameters", "List them: {\"lr\": {\"type\": \"float\", \"log\": true}}.");
    }
    var parameters = new ArrayList<TableParameter>();
    for (var entry : described.properties()) {
      parameters.add(parameter(entry.getKey(), entry.getValue()));
    }
    return new ReplayTable(columns, parameters, metric(), direction());
  }

  private String metric() {
    var said = json.path(json.has("metric") ? "metric" : "objective");
    if (!said.isString() || said.asString().isBlank()) {
      throw wrong("metric", "Name the column, without its number: \"metric\": \"val_loss\".");
    }
    return said.asString().strip().split("\\s+", 2)[0];
  }

  private Direction direction() {
    return switch (json.path("direction").asString("")) {
      case "minimize" -> Direction.MINIMIZE;
      case "maximize" -> Direction.MAXIMIZE;
      case String _ -> throw wrong("direction", "Write \"minimize\" or \"maximize\".");
    };
  }

  private TableParameter parameter(String name, JsonNode node) {
    columns.texts(name);
    if (node.isArray()) {
      return listed(name, node, allNumbers(node));
    }
    return switch (node.path("type").asString("")) {
      case "ordinal" -> listed(name, node.path("values"), true);
      case "categorical" -> listed(name, node.path("values"), false);
      case "int" -> range(name, node, true);
      case "float" -> range(name, node, false);
      case String _ ->
          throw wrong("parameters." + name, "Give a type: float, int, ordinal or categorical.");
    };
  }

  private static boolean allNumbers(JsonNode values) {
    return values.valueStream().allMatch(JsonNode::isNumber);
  }

  private TableParameter listed(String name, JsonNode node, boolean ordered) {
    if (!node.isArray() || node.isEmpty()) {
      throw wrong("parameters." + name, "List its values: \"values\": [16, 32].");
    }
    var values = new ArrayList<Object>();
    for (var value : node) {
      values.add(value.isNumber() ? value.numberValue() : value.asString());
    }
    try {
      return TableParameter.listed(name, List.copyOf(values), ordered);
    } catch (Problem problem) {
      throw problem.at(file + ", parameters." + name);
    }
  }

  private TableParameter range(String name, JsonNode node, boolean whole) {
    boolean mirrored = node.path("log_of").asString("").equals("1 - x");
    var seen =
        Arrays.stream(columns.numbers(name))
            .filter(Double::isFinite)
            .map(x -> mirrored ? 1 - x : x)
            .summaryStatistics();
    if (seen.getCount() == 0) {
      throw new Problem(
          "The column has no numbers.",
          name + " \"" + columns.texts(name).getFirst() + "\", row 1 of " + columns.file(),
          "Write decimals with a point; texts are listed, \"values\": [...], in " + file + ".");
    }
    var low = bound(node, "min");
    var high = bound(node, "max");
    try {
      return TableParameter.range(
          name,
          low == null || mirrored ? seen.getMin() : low,
          high == null || mirrored ? seen.getMax() : high,
          whole,
          node.path("log").asBoolean(false),
          mirrored);
    } catch (Problem problem) {
      throw problem.at(file + ", parameters." + name);
    }
  }

  private static @Nullable Double bound(JsonNode node, String key) {
    return node.path(key).isNumber() ? (Double) node.path(key).doubleValue() : null;
  }

  private Problem wrong(String key, String mend) {
    var node = json.at("/" + key.replace('.', '/'));
    return new Problem(
        "The table's description is not complete.",
        key + ": " + (node.isMissingNode() ? "absent" : node.toString()) + " (" + file + ")",
        mend);
  }
}
