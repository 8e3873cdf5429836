package dev.assay.run.command;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a program reports: `@assay {"step": 3, "accuracy": 0.91}`.
///
/// @param step how far it is; null: not said
/// @param isFinal whether these values are the result, whatever comes after them
/// @param values by metric; NaN and infinities as the program wrote them
record ReportLine(@Nullable Long step, boolean isFinal, Map<String, Double> values) {
  static final String MARK = "@assay";

  /// NaN is read, for Python writes it: as a value it is a failure with a name of its own.
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build())
          .build();

  /// @param json the object after the mark
  /// @throws IllegalArgumentException saying what is wrong with it
  static ReportLine parse(String json) {
    JsonNode tree;
    try {
      tree = MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("it is no valid JSON: " + e.getOriginalMessage(), e);
    }
    if (tree == null || !tree.isObject()) {
      throw new IllegalArgumentException("it is no JSON object");
    }
    Long step = null;
    boolean isFinal = false;
    var values = new LinkedHashMap<String, Double>();
    for (var entry : tree.properties()) {
      var node = entry.getValue();
      switch (entry.getKey()) {
        case "step" -> step = step(node);
        case "final" -> {
          if (!node.isBoolean()) {
            throw new IllegalArgumentException("final is neither true nor false");
          }
          isFinal = node.booleanValue();
        }
        case String name -> {
          if (!node.isNumber()) {
            throw new IllegalArgumentException(name + " is no number");
          }
          values.put(name, node.doubleValue());
        }
      }
    }
    return new ReportLine(step, isFinal, values);
  }

  private static long step(JsonNode node) {
    if (node.isNumber()
        && node.doubleValue() == Math.rint(node.doubleValue())
        && Math.abs(node.doubleValue()) < 0x1p53) {
      return (long) node.doubleValue();
    }
    throw new IllegalArgumentException("step is no whole number");
  }
}
