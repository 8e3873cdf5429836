package dev.assay.spec;

import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `--set key=value`: a value put into the tree before it is read.
///
/// The key is a path with dots (`budget.trials`, `constraints.0`, `space."a.b".default`); the value
/// is YAML; nothing or `null` takes the key away.
final class Overrides {
  private static final Pattern SEGMENT = Pattern.compile("\"([^\"]*)\"|([^.\"]+)");

  private Overrides() {}

  static Node.Fields apply(Node.Fields root, List<String> settings) {
    var tree = root;
    for (var setting : settings) {
      int equals = setting.indexOf('=');
      if (equals < 1) {
        throw new Problem(
            "A setting has a key and a value.",
            "--set " + setting,
            "Write it like this: --set budget.trials=100");
      }
      var key = setting.substring(0, equals).strip();
      var place = Place.override(key);
      var value = NodeReader.read(setting.substring(equals + 1), place, true);
      if (value instanceof Node.Scalar(var nothing, _, _) && nothing == null) {
        value = null;
      }
      tree = (Node.Fields) put(tree, segments(key), value, place);
    }
    return tree;
  }

  private static List<String> segments(String key) {
    var segments = new ArrayList<String>();
    var matcher = SEGMENT.matcher(key);
    int end = 0;
    while (matcher.lookingAt()) {
      segments.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
      end = matcher.end();
      if (end == key.length()) {
        return segments;
      }
      if (key.charAt(end) != '.') {
        break;
      }
      matcher.region(end + 1, key.length());
    }
    throw new Problem(
        "The key of a setting is a path with dots.",
        "--set " + key,
        "Write it like this: --set budget.trials=100");
  }

  /// The tree with a value at a path; maps that are missing on the way are made.
  private static Node put(Node at, List<String> path, @Nullable Node value, Place place) {
    var segment = path.getFirst();
    var rest = path.subList(1, path.size());
    return switch (at) {
      case Node.Fields fields -> put(fields, segment, rest, value, place);
      case Node.Elements elements -> put(elements, segment, rest, value, place);
      case Node.Scalar scalar ->
          throw new Problem(
              "The value has no keys of its own.",
              scalar.words() + " (" + scalar.place() + "), asked for " + place,
              "Set it as a whole: --set " + scalar.place().path() + "='{" + segment + ": ...}'");
    };
  }

  private static Node put(
      Node.Fields fields, String segment, List<String> rest, @Nullable Node value, Place place) {
    var entries = new LinkedHashMap<>(fields.entries());
    var keys = new HashMap<>(fields.keys());
    if (!rest.isEmpty()) {
      var child = entries.get(segment);
      boolean absent = child == null || child instanceof Node.Scalar(var v, _, _) && v == null;
      entries.put(
          segment,
          put(absent || child == null ? Node.Fields.empty(place) : child, rest, value, place));
      keys.putIfAbsent(segment, place);
    } else if (value == null) {
      entries.remove(segment);
      keys.remove(segment);
    } else {
      entries.put(segment, value);
      keys.put(segment, place);
    }
    return new Node.Fields(entries, keys, fields.place());
  }

  private static Node put(
      Node.Elements elements,
      String segment,
      List<String> rest,
      @Nullable Node value,
      Place place) {
    var nodes = new ArrayList<>(elements.nodes());
    int index = segment.matches("[0-9]{1,6}") ? Integer.parseInt(segment) : -1;
    if (index < 0 || index >= nodes.size()) {
      throw new Problem(
          "The list has no such element.",
          segment + " (" + place + ")",
          "Its elements are 0 to " + (nodes.size() - 1) + " (" + elements.place() + ").");
    }
    if (!rest.isEmpty()) {
      nodes.set(index, put(nodes.get(index), rest, value, place));
    } else if (value == null) {
      nodes.remove(index);
    } else {
      nodes.set(index, value);
    }
    return new Node.Elements(nodes, elements.place());
  }
}
