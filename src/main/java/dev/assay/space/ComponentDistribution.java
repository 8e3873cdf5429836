package dev.assay.space;

import dev.assay.problem.Problem;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The distribution of a record component that is one parameter.
final class ComponentDistribution {
  private static final Set<Class<?>> REAL =
      Set.of(double.class, Double.class, float.class, Float.class);
  private static final Set<Class<?>> WHOLE =
      Set.of(int.class, Integer.class, long.class, Long.class);

  private ComponentDistribution() {}

  static Distribution of(RecordComponent component) {
    try {
      return read(component);
    } catch (Problem problem) {
      throw problem.at("component " + RecordComponents.path(component));
    }
  }

  private static Distribution read(RecordComponent component) {
    var type = component.getType();
    var range = component.getAnnotation(Range.class);
    var oneOf = component.getAnnotation(OneOf.class);
    boolean number = REAL.contains(type) || WHOLE.contains(type);
    if (range != null && oneOf != null) {
      throw new Problem(
          "A component has a range and options at once.", component.getName(), "Remove one.");
    }
    if (range != null && !number) {
      throw new Problem(
          "A range is for numbers.",
          component.getName() + ": " + type.getName(),
          "Remove @Range, or make the component a double, float, int or long.");
    }
    if (oneOf != null) {
      return choice(component, oneOf);
    }
    if (range != null) {
      return REAL.contains(type)
          ? new FloatRange(range.low(), range.high(), range.log(), range.step())
          : whole(range);
    }
    if (type == boolean.class || type == Boolean.class) {
      return Choice.of(false, true);
    }
    if (type.isEnum()) {
      List<@Nullable Object> names =
          List.copyOf(
              Arrays.stream(type.getEnumConstants()).map(c -> ((Enum<?>) c).name()).toList());
      return new Choice(names, false);
    }
    throw unsupported(component, number);
  }

  /// What the component's annotation says of its best value.
  static @Nullable Prior prior(RecordComponent component) {
    try {
      var range = component.getAnnotation(Range.class);
      var oneOf = component.getAnnotation(OneOf.class);
      if (oneOf != null && oneOf.weights().length > 0) {
        return new Prior.Weights(Arrays.stream(oneOf.weights()).boxed().toList());
      }
      if (range == null || Double.isNaN(range.around()) && Double.isNaN(range.spread())) {
        return null;
      }
      return new Prior.Around(
          range.around(), range.spread(), range.log() ? Scale.LOG : Scale.LINEAR);
    } catch (Problem problem) {
      throw problem.at("component " + RecordComponents.path(component));
    }
  }

  private static Problem unsupported(RecordComponent component, boolean number) {
    var type = component.getType();
    if (number) {
      return new Problem(
          "The component has no range.",
          component.getName(),
          "Give it one: @Range(low = 0, high = 1) "
              + type.getSimpleName()
              + " "
              + component.getName()
              + ".");
    }
    if (type == String.class) {
      return new Problem(
          "The component has no options.",
          component.getName(),
          "List them: @OneOf({\"relu\", \"tanh\"}) String " + component.getName() + ".");
    }
    return new Problem(
        "A component of this type cannot be searched.",
        component.getName() + ": " + component.getGenericType().getTypeName(),
        "Use a number, boolean, String, enum, record or sealed interface of records.");
  }

  private static Distribution whole(Range range) {
    return new IntRange(
        whole(range.low()),
        whole(range.high()),
        range.log(),
        range.step() == 0 ? 1 : whole(range.step()));
  }

  private static long whole(double value) {
    if (value != Math.rint(value) || Math.abs(value) > 0x1p53) {
      throw new Problem(
          "The range of a whole number has whole bounds.",
          Double.toString(value),
          "Give whole numbers, or make the component a double.");
    }
    return (long) value;
  }

  private static Distribution choice(RecordComponent component, OneOf oneOf) {
    var options = new ArrayList<@Nullable Object>();
    for (var text : oneOf.value()) {
      options.add(option(component, text));
    }
    return new Choice(options, oneOf.ordered());
  }

  private static Object option(RecordComponent component, String text) {
    var type = component.getType();
    try {
      if (type == String.class) {
        return text;
      }
      if (REAL.contains(type)) {
        return Double.parseDouble(text);
      }
      if (WHOLE.contains(type)) {
        return Long.parseLong(text);
      }
    } catch (NumberFormatException e) {
      throw new Problem(
          "An option is no " + type.getSimpleName() + ".",
          "\"" + text + "\"",
          "Write a number.",
          e);
    }
    throw new Problem(
        "Options are for texts and numbers.",
        component.getName() + ": " + type.getTypeName(),
        "Remove @OneOf, or make the component a String or a number.");
  }

  /// The parameter's value that stands for a component's.
  static Object encode(Object value) {
    return switch (value) {
      case Enum<?> constant -> constant.name();
      // By its shortest decimal: 0.1f means 0.1.
      case Float number -> Double.parseDouble(number.toString());
      case Object other -> other;
    };
  }

  /// The component's value that stands for a parameter's.
  static Object decode(Class<?> type, Object value) {
    if (type == double.class || type == Double.class) {
      return ((Number) value).doubleValue();
    }
    if (type == float.class || type == Float.class) {
      return ((Number) value).floatValue();
    }
    if (type == int.class || type == Integer.class) {
      return ((Number) value).intValue();
    }
    if (type == long.class || type == Long.class) {
      return ((Number) value).longValue();
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .filter(constant -> ((Enum<?>) constant).name().equals(value))
          .findFirst()
          .orElseThrow();
    }
    return value;
  }
}
