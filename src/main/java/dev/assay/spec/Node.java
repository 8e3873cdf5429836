package dev.assay.spec;

import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A value of a study file that knows where it stands.
public sealed interface Node {
  Place place();

  /// @param fields by key, in the order of the file
  record Fields(Place place, Map<String, Node> fields) implements Node {}

  record Items(Place place, List<Node> items) implements Node {}

  /// @param value a String, Boolean, Long, Double, or null
  record Scalar(Place place, @Nullable Object value) implements Node {}

  /// The plain JSON value.
  default @Nullable Object plain() {
    return switch (this) {
      case Scalar scalar -> scalar.value();
      case Items(_, var items) -> {
        var list = new ArrayList<@Nullable Object>();
        items.forEach(item -> list.add(item.plain()));
        yield list;
      }
      case Fields(_, var fields) -> {
        var map = new LinkedHashMap<String, @Nullable Object>();
        fields.forEach((key, field) -> map.put(key, field.plain()));
        yield map;
      }
    };
  }

  /// A problem with this value, at its place.
  default Problem problem(String what, String mend) {
    return new Problem(what, brief() + " (" + place() + ")", mend);
  }

  /// The value in few words.
  private String brief() {
    var words = String.valueOf(plain());
    return words.length() <= 80 ? words : words.substring(0, 77) + "...";
  }

  /// The fields of what must be a map.
  default Map<String, Node> fields(String expected) {
    if (this instanceof Fields(_, var fields)) {
      return fields;
    }
    throw problem("A map is expected here.", "Write it as " + expected + ".");
  }

  default List<Node> items(String expected) {
    if (this instanceof Items(_, var items)) {
      return items;
    }
    throw problem("A list is expected here.", "Write it as " + expected + ".");
  }

  default String text() {
    if (this instanceof Scalar(_, String text)) {
      return text;
    }
    throw problem("A text is expected here.", "Put it into quotes if it is meant as one.");
  }

  default boolean truth() {
    if (this instanceof Scalar(_, Boolean truth)) {
      return truth;
    }
    throw problem("true or false is expected here.", "Write true or false.");
  }

  default double number() {
    if (this instanceof Scalar(_, Number number) && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw problem("A number is expected here.", "Write one, such as 0.5 or 1e-4, without quotes.");
  }

  /// A whole number; 1e3 counts as one.
  default long whole() {
    double number = this instanceof Scalar(_, Number n) ? n.doubleValue() : Double.NaN;
    if (this instanceof Scalar(_, Long whole)) {
      return whole;
    }
    if (number == Math.rint(number) && Math.abs(number) < 0x1p53) {
      return (long) number;
    }
    throw problem("A whole number is expected here.", "Write one, such as 100, without quotes.");
  }

  default int count() {
    long whole = whole();
    if (whole < 1 || whole > Integer.MAX_VALUE) {
      throw problem("A count of 1 or more is expected here.", "Write a whole number from 1.");
    }
    return (int) whole;
  }
}
