package dev.assay.train;

import dev.assay.internal.problem.Require;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A parameter that a built-in trainer knows: its name, type, range and default.
public sealed interface TrainerParameter {
  String name();

  /// The value when neither the space nor `fixed` has the parameter; "none" for an absent one.
  Object defaultValue();

  /// What is right, in words, for the mend of a problem.
  String expected();

  /// A finite number.
  ///
  /// @param open whether `low` itself is excluded
  /// @param high excluded
  record Real(String name, double defaultValueAsDouble, double low, boolean open, double high)
      implements TrainerParameter {
    public Real {
      Require.named("trainer", "parameter", name);
      Require.finite(name, "low", low);
      Require.inRange(name, "high", high, low, Double.MAX_VALUE);
      Require.inRange(name, "default", defaultValueAsDouble, low, high);
    }

    @Override
    public Object defaultValue() {
      return defaultValueAsDouble;
    }

    @Override
    public String expected() {
      return "a number "
          + (open ? "above " : "of at least ")
          + plain(low)
          + (high < UNBOUNDED ? " and below " + plain(high) : "");
    }
  }

  /// A whole number.
  ///
  /// @param optional whether null or "none" is right too, and the default
  record Whole(String name, int defaultValueAsInt, int low, int high, boolean optional)
      implements TrainerParameter {
    public Whole {
      Require.named("trainer", "parameter", name);
      Require.inRange(name, "high", high, low, Integer.MAX_VALUE);
      if (!optional) {
        Require.inRange(name, "default", defaultValueAsInt, low, high);
      }
    }

    @Override
    public Object defaultValue() {
      return optional ? "none" : defaultValueAsInt;
    }

    @Override
    public String expected() {
      return "a whole number from " + low + " to " + high + (optional ? ", or none" : "");
    }
  }

  /// true or false.
  record Flag(String name, boolean defaultValueAsBoolean) implements TrainerParameter {
    public Flag {
      Require.named("trainer", "parameter", name);
    }

    @Override
    public Object defaultValue() {
      return defaultValueAsBoolean;
    }

    @Override
    public String expected() {
      return "true or false";
    }
  }

  /// One of a few texts.
  record Option(String name, String defaultValue, List<String> options)
      implements TrainerParameter {
    public Option {
      options = List.copyOf(options);
      Require.named("trainer", "parameter", name);
      Require.oneOf(name, "default", defaultValue, options);
    }

    @Override
    public String expected() {
      return "one of " + String.join(", ", options);
    }
  }

  /// The largest FP32 number, as the bound of what has none.
  double UNBOUNDED = 3e38;

  /// Checks a value and brings it to the parameter's own type: Double, Integer (0 for none),
  /// Boolean or String.
  ///
  /// @throws Problem when the type or the range is wrong
  default Object check(@Nullable Object value) {
    return switch (this) {
      case Real real -> {
        double number = value instanceof Number n ? n.doubleValue() : Double.NaN;
        boolean above = real.open ? number > real.low : number >= real.low;
        yield above && number < real.high ? number : refuse(value);
      }
      case Whole whole -> {
        if (whole.optional && (value == null || value.equals("none"))) {
          yield 0;
        }
        double number = value instanceof Number n ? n.doubleValue() : Double.NaN;
        boolean right = number >= whole.low && number <= whole.high && number == Math.rint(number);
        yield right ? (Object) (int) number : refuse(value);
      }
      case Flag _ -> value instanceof Boolean ? value : refuse(value);
      case Option option -> {
        if (value instanceof String text && option.options.contains(text)) {
          yield text;
        }
        if (value instanceof String text) {
          throw new Problem(
              "The trainer does not know this " + option.name + ".",
              named(value),
              Nearest.suggest(text, option.options));
        }
        yield refuse(value);
      }
    };
  }

  private Object refuse(@Nullable Object value) {
    throw new Problem(
        "A trainer parameter has a wrong value.", named(value), "Give " + expected() + ".");
  }

  private String named(@Nullable Object value) {
    return name() + ": " + (value instanceof String text ? "\"" + text + "\"" : value);
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
  }
}
