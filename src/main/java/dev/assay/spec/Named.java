package dev.assay.spec;

import dev.assay.problem.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// A sampler or pruner as a study file names it: a text, or a map of one name to its options.
public record Named(String name, Map<String, @Nullable Object> options, Place place) {
  static Named of(Node node) {
    if (node instanceof Node.Scalar(var place, String name)) {
      return new Named(name, Map.of(), place);
    }
    var fields = node.fields("a name, or {name: {option: value}}");
    if (fields.size() != 1) {
      throw node.problem("One name is expected here.", "Write {name: {option: value}}.");
    }
    var entry = fields.entrySet().iterator().next();
    var options = new LinkedHashMap<String, @Nullable Object>();
    if (!(entry.getValue() instanceof Node.Scalar(_, var value) && value == null)) {
      entry
          .getValue()
          .fields("{option: value}")
          .forEach((key, option) -> options.put(key, option.plain()));
    }
    return new Named(entry.getKey(), options, entry.getValue().place());
  }

  /// What a registry makes of it; a problem gets its place.
  public <T> T create(BiFunction<String, Map<String, @Nullable Object>, T> registry) {
    try {
      return registry.apply(name, options);
    } catch (Problem problem) {
      throw problem.at(place.toString());
    }
  }
}
