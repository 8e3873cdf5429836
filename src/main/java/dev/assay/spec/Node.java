package dev.assay.spec;

import dev.assay.internal.words.NumberText;
import dev.assay.internal.words.Passwords;
import dev.assay.internal.words.Spoken;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A value of a study file that knows where it stands. Immutable.
public sealed interface Node {
  Place place();

  /// The value as JSON: a map, a list, a text, a Long, a Double, a Boolean or null.
  @Nullable Object plain();

  /// @param entries in the order of the file
  /// @param keys where each key stands, which may be a line above its value
  record Fields(Map<String, Node> entries, Map<String, Place> keys, Place place) implements Node {
    public Fields {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
      keys = Map.copyOf(keys);
    }

    /// A map without entries.
    static Fields empty(Place place) {
      return new Fields(Map.of(), Map.of(), place);
    }

    /// Where a key stands; where the map stands if it has no such key.
    Place keyPlace(String key) {
      return keys.getOrDefault(key, place);
    }

    @Override
    public Map<String, @Nullable Object> plain() {
      var map = new LinkedHashMap<String, @Nullable Object>();
      entries.forEach((key, node) -> map.put(key, node.plain()));
      return Collections.unmodifiableMap(map);
    }
  }

  record Elements(List<Node> nodes, Place place) implements Node {
    public Elements {
      nodes = List.copyOf(nodes);
    }

    @Override
    public List<@Nullable Object> plain() {
      var list = new ArrayList<@Nullable Object>();
      nodes.forEach(node -> list.add(node.plain()));
      return Collections.unmodifiableList(list);
    }
  }

  /// @param value a text, a Long, a Double, a Boolean or null
  /// @param written its text in the file, without quotes
  record Scalar(@Nullable Object value, String written, Place place) implements Node {
    @Override
    public @Nullable Object plain() {
      return value;
    }
  }

  /// The same value at another place: what an alias stands for.
  ///
  /// @param counter told of every node made
  default Node moved(Place to, Runnable counter) {
    counter.run();
    return switch (this) {
      case Scalar(var value, var written, _) -> new Scalar(value, written, to);
      case Elements(var nodes, _) -> {
        var moved = new ArrayList<Node>();
        for (var node : nodes) {
          moved.add(node.moved(to.element(moved.size(), to.line(), to.column()), counter));
        }
        yield new Elements(moved, to);
      }
      case Fields(var entries, _, _) -> {
        var moved = new LinkedHashMap<String, Node>();
        var keys = new LinkedHashMap<String, Place>();
        entries.forEach((key, node) -> {
          var place = to.key(key, to.line(), to.column());
          moved.put(key, node.moved(place, counter));
          keys.put(key, place);
        });
        yield new Fields(moved, keys, to);
      }
    };
  }

  /// The value in words for a message: `"yes"`, `12`, `a map`.
  default String words() {
    return switch (this) {
      case Fields(var entries, _, _) ->
          entries.isEmpty() ? "{}" : "a map of " + clipped(String.join(", ", entries.keySet()));
      case Elements elements -> clipped(elements.plain().toString());
      case Scalar(var value, var written, _) ->
          value == null
              ? "nothing"
              : value instanceof String ? clipped("\"" + written + "\"") : written;
    };
  }

  private static String clipped(String text) {
    return Spoken.cut(text, 100);
  }

  default Problem problem(String what, String mend) {
    return new Problem(what, Passwords.masked(words()) + " (" + place() + ")", mend);
  }

  /// @param expected `A text`, `A whole number`
  private Problem expected(String expected, String mend) {
    return problem(expected + " is expected here.", mend);
  }

  default Fields fields(String example) {
    if (this instanceof Fields fields) {
      return fields;
    }
    throw expected("A map", "Write it like this: " + example);
  }

  default Elements elements(String example) {
    if (this instanceof Elements elements) {
      return elements;
    }
    throw expected("A list", "Write it like this: " + example);
  }

  /// A text that is not blank.
  default String text() {
    if (this instanceof Scalar(String value, _, _)) {
      if (value.isBlank()) {
        throw expected("A text", "Fill it in, or leave the key out.");
      }
      return value;
    }
    if (this instanceof Scalar(var value, _, _) && value == null) {
      throw expected("A text", "Give one, or leave out the key.");
    }
    throw expected(
        "A text",
        this instanceof Scalar(Object _, var written, _)
            ? "Put it in quotes: \"" + written + "\"."
            : "Give one text.");
  }

  default boolean truth() {
    if (this instanceof Scalar(Boolean value, _, _)) {
      return value;
    }
    throw expected("true or false", NumberMend.truth(this));
  }

  /// A finite number.
  default double number() {
    if (this instanceof Scalar(Number value, _, _) && Double.isFinite(value.doubleValue())) {
      return value.doubleValue();
    }
    throw expected("A finite number", NumberMend.of(this, "0.01 or 1e-4"));
  }

  default long whole() {
    if (this instanceof Scalar(Long value, _, _)) {
      return value;
    }
    if (this instanceof Scalar(Double value, _, _) && NumberText.isWhole(value)) {
      return (long) (double) value;
    }
    throw expected("A whole number", NumberMend.of(this, "8"));
  }

  /// A whole number of at least `least`.
  default int count(int least) {
    long value = whole();
    if (value < least || value > Integer.MAX_VALUE) {
      throw expected(
          "A whole number of at least " + least, "Give one from " + least + " to 2147483647.");
    }
    return (int) value;
  }
}
