package dev.assay.spec;

import dev.assay.problem.Problem;
import java.util.LinkedHashMap;
import java.util.List;

/// `--set key=value`: changes a study file's tree before it is read.
final class Overrides {
  private Overrides() {}

  static Node apply(Node root, List<String> overrides) {
    var result = root;
    for (var override : overrides) {
      int equals = override.indexOf('=');
      if (equals < 1) {
        throw new Problem(
            "An override needs a key and a value.",
            "--set " + override,
            "Write --set budget.trials=100.");
      }
      var key = override.substring(0, equals).strip();
      var value = NodeReader.read("--set " + key, override.substring(equals + 1), false);
      result = set(result, List.of(key.split("\\.")), value);
    }
    return result;
  }

  private static Node set(Node node, List<String> path, Node value) {
    if (path.isEmpty()) {
      return value;
    }
    // A scalar on the way (sampler: gp) gives place to the map that the key asks for.
    var fields =
        node instanceof Node.Fields(_, var existing)
            ? new LinkedHashMap<>(existing)
            : new LinkedHashMap<String, Node>();
    var key = path.getFirst();
    var child = fields.getOrDefault(key, new Node.Fields(value.place(), new LinkedHashMap<>()));
    fields.put(key, set(child, path.subList(1, path.size()), value));
    return new Node.Fields(node.place(), fields);
  }
}
