package dev.assay.serve;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What stands behind the key of a request: an object with known keys.
record RequestBody(JsonNode node) {
  /// @throws Problem for anything but an object with some of these keys
  RequestBody {
    if (!node.isObject()) {
      throw new Problem(
          "An object is expected here.", brief(node.toString()), "Send {\"id\": 0, ...}.");
    }
  }

  /// @throws Problem for any other key
  RequestBody only(List<String> known) {
    for (var name : node.propertyNames()) {
      if (!known.contains(name)) {
        throw new Problem(
            "There is no such key.", brief(name), Nearest.suggest(brief(name), known));
      }
    }
    return this;
  }

  boolean has(String key) {
    return node.has(key);
  }

  /// A trial's number.
  int id() {
    var id = node.path("id");
    if (!id.isIntegralNumber() || !id.canConvertToInt()) {
      throw new Problem("A trial's id is a whole number.", brief(), "Send \"id\": 0.");
    }
    return id.intValue();
  }

  long step() {
    var step = node.path("step");
    if (!step.isIntegralNumber() || !step.canConvertToLong()) {
      throw new Problem("A step is a whole number.", brief(), "Send \"step\": 1.");
    }
    return step.longValue();
  }

  /// A whole number from `least` to `most`.
  int whole(String key, int least, int most, int otherwise) {
    return node.has(key) ? whole(node.get(key), key, least, most) : otherwise;
  }

  static int whole(JsonNode node, String key, int least, int most) {
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.intValue() < least
        || node.intValue() > most) {
      throw new Problem(
          least == 1 ? "A count is a whole number of at least 1." : "A trial's number is whole.",
          key + ": " + brief(node.toString()),
          "Send one from " + least + " to " + most + ".");
    }
    return node.intValue();
  }

  /// The objects of a list; empty where there is none.
  List<RequestBody> list(String key) {
    var list = new ArrayList<RequestBody>();
    if (node.has(key)) {
      if (!node.get(key).isArray()) {
        throw new Problem(
            "A list is expected here.",
            key + ": " + brief(node.get(key).toString()),
            "Send \"" + key + "\": [{...}, ...].");
      }
      node.get(key).forEach(one -> list.add(new RequestBody(one)));
    }
    return list;
  }

  /// The values of an object by name; empty where there is none.
  Map<String, @Nullable Object> map(String key) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    if (node.has(key)) {
      if (!node.get(key).isObject()) {
        throw new Problem(
            "An object is expected here.",
            key + ": " + brief(node.get(key).toString()),
            "Send \"" + key + "\": {\"name\": ...}.");
      }
      node.get(key).forEachEntry((name, value) -> map.put(name, plain(value)));
    }
    return map;
  }

  /// A JSON value with whole numbers as Long where they fit, and others as Double.
  private static @Nullable Object plain(JsonNode value) {
    return switch (value.getNodeType()) {
      case NUMBER ->
          value.isIntegralNumber() && value.canConvertToLong()
              ? (Object) value.longValue()
              : (Object) value.doubleValue();
      case STRING, BINARY, POJO -> value.asString();
      case BOOLEAN -> value.booleanValue();
      case NULL, MISSING -> null;
      case ARRAY -> {
        var list = new ArrayList<@Nullable Object>();
        value.forEach(one -> list.add(plain(one)));
        yield list;
      }
      case OBJECT -> {
        var map = new LinkedHashMap<String, @Nullable Object>();
        value.forEachEntry((name, one) -> map.put(name, plain(one)));
        yield map;
      }
    };
  }

  String brief() {
    return brief(node.toString());
  }

  static String brief(String text) {
    return text.length() <= 200 ? text : text.substring(0, 197) + "...";
  }
}
