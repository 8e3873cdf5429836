package dev.assay.trial;

import dev.assay.internal.problem.Require;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads the options of a sampler or pruner as the study file has them: a map of JSON values.
///
/// All at once into a record ([#read]), or each by name and type. [#end] then refuses those that
/// nobody asked for. Ranges are checked where the values end up, by [Settings#check] or
/// [#requireInRange], so that they hold for Java callers too.
public final class Options {
  private final String owner;
  private final Map<String, ? extends @Nullable Object> given;
  private final TreeSet<String> known = new TreeSet<>();

  /// @param owner whose options they are, for messages: `sampler tpe`
  public Options(String owner, Map<String, ? extends @Nullable Object> given) {
    this.owner = owner;
    this.given = given;
  }

  /// A record whose components are options ([dev.assay.settings.Option]): all that there are.
  ///
  /// @throws Problem for options that cannot be meant, or that the record does not have
  public <R extends Record> R read(Class<R> type) {
    Settings.of(type).forEach(setting -> known.add(setting.key()));
    end();
    return Settings.read(type, owner, this::any);
  }

  /// A whole number.
  public int integer(String key, int initial) {
    double number = number(key, initial, "a whole number");
    if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
      throw wrong(key, number, "a whole number");
    }
    return (int) number;
  }

  /// A finite number.
  public double number(String key, double initial) {
    return number(key, initial, "a finite number");
  }

  private double number(String key, double initial, String wanted) {
    return switch (any(key)) {
      case null -> initial;
      case Number number when Double.isFinite(number.doubleValue()) -> number.doubleValue();
      case Object other -> throw wrong(key, other, wanted);
    };
  }

  /// True or false.
  public boolean flag(String key, boolean initial) {
    return switch (any(key)) {
      case null -> initial;
      case Boolean flag -> flag;
      case Object other -> throw wrong(key, other, "true or false");
    };
  }

  /// One of several words.
  public String word(String key, String initial, List<String> words) {
    return switch (any(key)) {
      case null -> initial;
      case Object word -> {
        Require.oneOf(owner, key, word.toString(), words);
        yield word.toString();
      }
    };
  }

  /// Whatever was given, or null.
  public @Nullable Object any(String key) {
    known.add(key);
    return given.get(key);
  }

  /// @throws Problem when an option was given that was not asked for
  public void end() {
    for (var key : given.keySet()) {
      if (!known.contains(key)) {
        throw new Problem(
            "There is no such option.",
            key + " (" + owner + ")",
            known.isEmpty()
                ? "Leave it out: the " + owner + " has no options."
                : Nearest.suggest(key, known));
      }
    }
  }

  /// The error for a value of the wrong type.
  ///
  /// @param wanted what would be right: `a whole number`
  public Problem wrong(String key, Object value, String wanted) {
    return Settings.wrong(owner, key, value, wanted);
  }

  /// @throws Problem when the value is not in [low, high]
  public static void requireInRange(
      String owner, String key, double value, double low, double high) {
    Require.inRange(owner, key, value, low, high);
  }
}
