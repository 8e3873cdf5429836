package dev.assay.spec;

import dev.assay.problem.Nearest;
import dev.assay.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A map of a study file whose keys are known: anything else is refused, with the nearest.
record Section(Node node, Map<String, Node> fields) {
  static Section of(Node node, String expected, List<String> known) {
    var fields = node.fields(expected);
    fields.forEach((key, value) -> {
      if (!known.contains(key)) {
        throw new Problem(
            "There is no such key.", key + " (" + value.place() + ")", Nearest.suggest(key, known));
      }
    });
    return new Section(node, fields);
  }

  @Nullable Node get(String key) {
    return fields.get(key);
  }

  /// The value of a key, or what stands for it.
  <T extends @Nullable Object> T get(String key, Function<Node, T> read, T otherwise) {
    var value = fields.get(key);
    return value == null ? otherwise : read.apply(value);
  }
}
