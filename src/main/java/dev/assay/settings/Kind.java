package dev.assay.settings;

import dev.assay.internal.problem.Require;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What an option's values are, in Java and in JSON.
sealed interface Kind {
  /// The Java value of a JSON value.
  Object read(String owner, String key, Object given);

  /// The JSON value of a Java value.
  default @Nullable Object written(@Nullable Object value) {
    return value;
  }

  /// Whether what is not said is not stored either.
  default boolean isLeftOut(@Nullable Object written) {
    return false;
  }

  /// Refuses a Java value.
  default void check(String owner, String key, Object value) {}

  Map<String, Object> schema();

  /// For people.
  String values();

  /// The kind of a component.
  ///
  /// @return null where it is none
  static @Nullable Kind of(Class<?> type, Option option) {
    if (option.shape() != Shape.class) {
      return new Shaped(made(option.shape()));
    }
    var range = new Range(option.low(), option.high(), option.or());
    if (type == int.class || type == Integer.class) {
      return new Whole(range);
    }
    if (type == double.class || type == Double.class) {
      return new Real(range);
    }
    if (type == boolean.class) {
      return new Flag();
    }
    if (type.isEnum()) {
      return new Word(List.of((Enum<?>[]) type.getEnumConstants()));
    }
    return type == String.class ? new Name() : type == List.class ? new Names() : null;
  }

  private static Shape made(Class<? extends Shape> type) {
    try {
      Constructor<? extends Shape> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type.getName() + " cannot be made", e);
    }
  }

  /// Numbers from low to high, and some beside.
  record Range(double low, double high, double[] or) {
    void check(String owner, String key, double value) {
      if (Arrays.stream(or).anyMatch(other -> other == value)) {
        return;
      }
      if (low == Double.NEGATIVE_INFINITY && high == Double.POSITIVE_INFINITY) {
        Require.finite(owner, key, value);
      } else {
        Require.inRange(
            owner, key, value, Math.max(low, -Double.MAX_VALUE), Math.min(high, Double.MAX_VALUE));
      }
    }

    Map<String, Object> schema(String type) {
      var within = new LinkedHashMap<String, Object>();
      within.put("type", type);
      if (low == Double.MIN_VALUE) {
        within.put("exclusiveMinimum", 0);
      } else if (low > Double.NEGATIVE_INFINITY) {
        within.put("minimum", plain(low));
      }
      if (high < Double.POSITIVE_INFINITY) {
        within.put("maximum", plain(high));
      }
      if (or.length == 0) {
        return within;
      }
      var all = new ArrayList<Object>();
      for (double other : or) {
        all.add(Map.of("const", plain(other)));
      }
      all.add(within);
      return Map.of("anyOf", all);
    }

    String values(String kind) {
      var text = new StringBuilder();
      for (double other : or) {
        text.append(text(other)).append(", or ");
      }
      text.append(kind);
      if (low == Double.MIN_VALUE) {
        text.append(" above 0");
      } else if (low > Double.NEGATIVE_INFINITY) {
        text.append(
            high < Double.POSITIVE_INFINITY
                ? " from " + text(low) + " to " + text(high)
                : ", " + text(low) + " or more");
      }
      return text.toString();
    }

    private static Object plain(double value) {
      if (value == Math.rint(value) && Math.abs(value) < 1e15) {
        return (long) value;
      }
      return value;
    }

    private static String text(double value) {
      return plain(value) instanceof Long whole
          ? String.format(Locale.ROOT, "%,d", whole)
          : Double.toString(value).replace(".0E", "e");
    }
  }

  /// An int.
  record Whole(Range range) implements Kind {
    @Override
    public Object read(String owner, String key, Object given) {
      if (given instanceof Number number
          && number.doubleValue() == Math.rint(number.doubleValue())
          && Math.abs(number.doubleValue()) <= Integer.MAX_VALUE) {
        return (int) number.doubleValue();
      }
      throw Settings.wrong(owner, key, given, "a whole number");
    }

    @Override
    public void check(String owner, String key, Object value) {
      range.check(owner, key, ((Number) value).doubleValue());
    }

    @Override
    public Map<String, Object> schema() {
      return range.schema("integer");
    }

    @Override
    public String values() {
      return range.values("a whole number");
    }
  }

  /// A double.
  record Real(Range range) implements Kind {
    @Override
    public Object read(String owner, String key, Object given) {
      if (given instanceof Number number && Double.isFinite(number.doubleValue())) {
        return number.doubleValue();
      }
      throw Settings.wrong(owner, key, given, "a finite number");
    }

    @Override
    public void check(String owner, String key, Object value) {
      range.check(owner, key, ((Number) value).doubleValue());
    }

    @Override
    public Map<String, Object> schema() {
      return range.schema("number");
    }

    @Override
    public String values() {
      return range.values("a number");
    }
  }

  /// True or false.
  record Flag() implements Kind {
    @Override
    public Object read(String owner, String key, Object given) {
      if (given instanceof Boolean flag) {
        return flag;
      }
      throw Settings.wrong(owner, key, given, values());
    }

    @Override
    public Map<String, Object> schema() {
      return Map.of("type", "boolean");
    }

    @Override
    public String values() {
      return "true or false";
    }
  }

  /// A constant of an enum, in lower case. Where `yes` and `no` are among them, true and false are
  /// read too: so YAML may understand these words.
  record Word(List<Enum<?>> constants) implements Kind {
    @Override
    public Object read(String owner, String key, Object given) {
      var word = given instanceof Boolean flag && isAnswer() ? flag ? "yes" : "no" : given;
      Require.oneOf(owner, key, word.toString(), words());
      return constants.get(words().indexOf(word.toString()));
    }

    @Override
    public @Nullable Object written(@Nullable Object value) {
      return value instanceof Enum<?> constant ? word(constant) : null;
    }

    private boolean isAnswer() {
      return words().containsAll(List.of("yes", "no"));
    }

    private List<String> words() {
      return constants.stream().map(Word::word).toList();
    }

    private static String word(Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Map<String, Object> schema() {
      var all = new ArrayList<Object>(words());
      if (isAnswer()) {
        all.add(true);
        all.add(false);
      }
      return Map.of("enum", all);
    }

    @Override
    public String values() {
      return words().stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "));
    }
  }

  /// A text that is not blank.
  record Name() implements Kind {
    @Override
    public Object read(String owner, String key, Object given) {
      if (given instanceof String name) {
        return name;
      }
      throw Settings.wrong(owner, key, given, values());
    }

    @Override
    public void check(String owner, String key, Object value) {
      Require.named(owner, key, value.toString());
    }

    @Override
    public Map<String, Object> schema() {
      return Map.of("type", "string", "pattern", "\\S");
    }

    @Override
    public String values() {
      return "a name";
    }
  }

  /// Names; none is stored as nothing.
  record Names() implements Kind {
    @Override
    public Object read(String owner, String key, Object given) {
      if (given instanceof List<?> list
          && !list.isEmpty()
          && list.stream().allMatch(String.class::isInstance)) {
        return list.stream().map(String.class::cast).toList();
      }
      throw Settings.wrong(owner, key, given, values() + ", as [a, b]");
    }

    @Override
    public boolean isLeftOut(@Nullable Object written) {
      return written instanceof List<?> list && list.isEmpty();
    }

    @Override
    public Map<String, Object> schema() {
      return Map.of("type", "array", "items", Map.of("type", "string"), "minItems", 1);
    }

    @Override
    public String values() {
      return "a list of names";
    }
  }

  /// What a shape reads.
  record Shaped(Shape shape) implements Kind {
    @Override
    public Object read(String owner, String key, Object given) {
      return shape.read(owner, key, given);
    }

    @Override
    public @Nullable Object written(@Nullable Object value) {
      return shape.written(value);
    }

    @Override
    public Map<String, Object> schema() {
      return shape.schema();
    }

    @Override
    public String values() {
      return shape.values();
    }
  }
}
