package dev.assay.space;

import dev.assay.internal.words.NumberText;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One of several options.
///
/// @param options JSON values, all different; whole numbers are kept as Long, others as Double
/// @param ordered whether neighbouring options are alike (small, medium, large)
public record Choice(List<@Nullable Object> options, boolean ordered) implements Distribution {
  public Choice {
    options = options.stream().<@Nullable Object>map(Choice::normalise).toList();
    if (options.isEmpty()) {
      throw new Problem("A choice needs at least one option.", "[]", "List its options.");
    }
    var seen = new HashSet<@Nullable Object>();
    for (var option : options) {
      requireFinite(option);
      if (!seen.add(option)) {
        throw new Problem(
            "An option stands twice in one choice.", String.valueOf(option), "Remove one of them.");
      }
    }
  }

  /// JSON, in which options are stored and told to programs, has finite numbers only.
  private static void requireFinite(@Nullable Object option) {
    if (option instanceof Double number && !Double.isFinite(number)) {
      throw new Problem(
          "An option must be a finite number, a text or a truth.",
          number.toString(),
          "Make it a text: \""
              + (Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf")
              + "\".");
    } else if (option instanceof List<?> list) {
      list.forEach(Choice::requireFinite);
    } else if (option instanceof java.util.Map<?, ?> map) {
      map.values().forEach(Choice::requireFinite);
    }
  }

  /// An unordered choice.
  public static Choice of(Object... options) {
    return new Choice(List.of(options), false);
  }

  /// A choice among options that a list has; null may be one.
  public static Choice among(List<? extends @Nullable Object> options, boolean ordered) {
    return new Choice(new ArrayList<@Nullable Object>(options), ordered);
  }

  /// An option as a choice keeps it.
  public static @Nullable Object canonical(@Nullable Object option) {
    return normalise(option);
  }

  /// An ordered choice.
  public static Choice ordered(Object... options) {
    return new Choice(List.of(options), true);
  }

  /// JSON numbers have one type: 16, 16L and 16.0 are the same option.
  static @Nullable Object normalise(@Nullable Object value) {
    if (value == null || value instanceof String || value instanceof Long) {
      return value; // as nearly always: the switch below takes its time, once
    }
    return switch (value) {
      case Integer i -> (Object) i.longValue();
      case Short s -> (long) s;
      case Byte b -> (long) b;
      case Float f -> normalise(f.doubleValue());
      case Double d when NumberText.isWhole(d) -> (long) (double) d;
      case List<?> list -> {
        var copy = new ArrayList<@Nullable Object>();
        for (var element : list) {
          copy.add(normalise(element));
        }
        yield Collections.unmodifiableList(copy);
      }
      case java.util.Map<?, ?> map -> {
        var copy = new LinkedHashMap<Object, @Nullable Object>();
        map.forEach((key, element) -> copy.put(key, normalise(element)));
        yield Collections.unmodifiableMap(copy);
      }
      case null, default -> value;
    };
  }

  @Override
  public OptionalLong count() {
    return OptionalLong.of(options.size());
  }

  @Override
  public double code(@Nullable Object value) {
    int index = options.indexOf(normalise(value));
    return index < 0 ? Double.NaN : index;
  }

  @Override
  public @Nullable Object value(double code) {
    return options.get((int) code);
  }

  @Override
  public double nth(long index) {
    return index;
  }

  @Override
  public long nearestIndex(double x) {
    return Math.clamp(Math.round(x), 0L, options.size() - 1L);
  }

  @Override
  public double fromUnit(double unit) {
    return Math.min(options.size() - 1, (int) (Math.clamp(unit, 0.0, 1.0) * options.size()));
  }

  @Override
  public double toUnit(double code) {
    return (code + 0.5) / options.size();
  }

  @Override
  public double middle() {
    return 0;
  }

  @Override
  public String describe() {
    return (ordered ? "ordered choice " : "choice ") + options;
  }
}
