package dev.assay.run.command;

import dev.assay.internal.words.NumberText;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a program reports: `@assay {"step": 3, "accuracy": 0.91}`.
///
/// @param step how far it is; null: not said
/// @param isFinal whether these values are the result, whatever comes after them
/// @param values by metric; NaN and infinities as the program wrote them
/// @param unread why entries could not be read, by their names
record ReportLine(
    @Nullable Long step, boolean isFinal, Map<String, Double> values, Map<String, String> unread) {
  static final String MARK = "@assay";

  private static final String STEP = "step";
  private static final String FINAL = "final";

  static ReportLine of(@Nullable Long step, String metric, double value) {
    return new ReportLine(step, false, Map.of(metric, value), Map.of());
  }

  /// @param object after the mark
  static ReportLine of(JsonNode object) {
    Long step = null;
    boolean isFinal = false;
    var values = new LinkedHashMap<String, Double>();
    var unread = new LinkedHashMap<String, String>();
    for (var entry : object.properties()) {
      var name = entry.getKey();
      var node = entry.getValue();
      try {
        switch (name) {
          case STEP -> step = NumberText.whole(text(node));
          case FINAL -> isFinal = isTrue(node);
          default -> values.put(name, NumberText.parse(text(node)));
        }
      } catch (NumberFormatException e) {
        unread.put(name, name + ": " + e.getMessage());
      }
    }
    return new ReportLine(step, isFinal, values, unread);
  }

  private static String text(JsonNode node) {
    if (node.isContainer()) {
      throw new NumberFormatException(
          "it is no number but " + (node.isArray() ? "a list" : "an object"));
    }
    return node.isString() ? node.stringValue() : node.toString();
  }

  private static boolean isTrue(JsonNode node) {
    return switch (text(node)) {
      case "true", "True", "TRUE" -> true;
      case "false", "False", "FALSE" -> false;
      case String other ->
          throw new NumberFormatException("\"" + other + "\" is neither true nor false");
    };
  }
}
