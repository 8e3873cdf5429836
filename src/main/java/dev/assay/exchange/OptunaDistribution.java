package dev.assay.exchange;

import dev.assay.problem.Problem;
import dev.assay.space.Choice;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A distribution as Optuna's storages have it: JSON, and values as numbers, an option's being its
/// place.
///
/// @param kind `FloatDistribution`, `IntDistribution`, `CategoricalDistribution`, or one of the
///   five that older versions have
record OptunaDistribution(String kind, Map<String, @Nullable Object> attributes) {
  static final String FLOAT = "FloatDistribution";
  static final String INT = "IntDistribution";
  static final String CATEGORICAL = "CategoricalDistribution";

  /// @param place for messages
  static OptunaDistribution read(@Nullable String json, String place) {
    if (json != null
        && ForeignJson.read(json) instanceof Map<?, ?> map
        && map.get("name") instanceof String name
        && map.get("attributes") instanceof Map<?, ?> attributes) {
      return new OptunaDistribution(name, Origin.map(attributes));
    }
    throw unknown(String.valueOf(json), place);
  }

  private static Problem unknown(String json, String place) {
    return new Problem(
        "The database has a distribution that is not known.",
        (json.length() > 100 ? json.substring(0, 100) + "..." : json) + " (" + place + ")",
        "Known are those of Optuna 1 to 5; report it if Optuna itself reads the database.");
  }

  /// What the search draws from here.
  Distribution distribution(String place) {
    return switch (kind) {
      case CATEGORICAL -> Choice.among(options(), false);
      case INT, "IntUniformDistribution" -> whole(attributes.get("log") == Boolean.TRUE);
      case "IntLogUniformDistribution" -> whole(true);
      case FLOAT, "UniformDistribution" ->
          real(attributes.get("log") == Boolean.TRUE, attributes.get("step"));
      case "LogUniformDistribution" -> real(true, null);
      case "DiscreteUniformDistribution" -> real(false, attributes.get("q"));
      case String _ -> throw unknown(kind, place);
    };
  }

  private Distribution whole(boolean log) {
    double low = number("low");
    double high = number("high");
    if (Math.abs(low) > 0x1p53 || Math.abs(high) > 0x1p53) {
      return new FloatRange(low, high, log, 0); // codes are doubles
    }
    double step = attributes.get("step") instanceof Number number ? number.doubleValue() : 1;
    return new IntRange(
        (long) low, (long) high, log && low >= 1, log || step > high - low ? 1 : (long) step);
  }

  private FloatRange real(boolean log, @Nullable Object step) {
    double low = number("low");
    double high = number("high");
    double width = step instanceof Number number && !log ? number.doubleValue() : 0;
    try {
      return new FloatRange(low, high, log, width > high - low ? 0 : width);
    } catch (Problem tooFine) { // steps that no decimal has
      return new FloatRange(low, high, log, 0);
    }
  }

  private double number(String key) {
    return attributes.get(key) instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  /// Its options, each once. JSON has no numbers that are not finite: those are words.
  private List<@Nullable Object> options() {
    var options = new ArrayList<@Nullable Object>();
    var seen = new HashSet<@Nullable Object>();
    for (var option : raw()) {
      if (seen.add(canonical(option))) {
        options.add(canonical(option));
      }
    }
    return options;
  }

  private static @Nullable Object canonical(@Nullable Object option) {
    return Choice.canonical(ForeignJson.stored(option));
  }

  private List<?> raw() {
    return attributes.get("choices") instanceof List<?> list ? list : List.of();
  }

  /// The value that a stored number stands for.
  @Nullable Object value(double stored, String place) {
    return switch (kind) {
      case CATEGORICAL -> {
        int index = (int) stored;
        if (index != stored || index < 0 || index >= raw().size()) {
          throw new Problem(
              "The database has a value that is none of its parameter's options.",
              "number " + stored + " of " + raw() + " (" + place + ")",
              "Somebody changed it, or the disk did: mend the row, or take another copy.");
        }
        yield canonical(raw().get(index));
      }
      case INT, "IntUniformDistribution", "IntLogUniformDistribution" ->
          (Object)
              (stored == Math.rint(stored) && Math.abs(stored) <= 0x1p62
                  ? (Object) (long) stored
                  : stored);
      case String _ -> (Object) stored;
    };
  }

  /// The number that a value is stored as.
  double stored(@Nullable Object value) {
    if (!kind.equals(CATEGORICAL)) {
      return value instanceof Number number ? number.doubleValue() : Double.NaN;
    }
    var wanted = canonical(value);
    for (int i = 0; i < raw().size(); i++) {
      if (java.util.Objects.equals(canonical(raw().get(i)), wanted)) {
        return i;
      }
    }
    return Double.NaN;
  }

  /// A distribution of this search's as Optuna has it.
  static OptunaDistribution of(Distribution distribution) {
    var attributes = new LinkedHashMap<String, @Nullable Object>();
    return switch (distribution) {
      case FloatRange(double low, double high, boolean log, double step) -> {
        attributes.put("step", step == 0 ? null : (Double) step);
        attributes.put("low", low);
        attributes.put("high", high);
        attributes.put("log", log);
        yield new OptunaDistribution(FLOAT, attributes);
      }
      case IntRange(long low, long high, boolean log, long step) -> {
        attributes.put("log", log);
        attributes.put("step", step);
        attributes.put("low", low);
        attributes.put("high", high);
        yield new OptunaDistribution(INT, attributes);
      }
      case Choice(var options, _) -> {
        attributes.put("choices", options);
        yield new OptunaDistribution(CATEGORICAL, attributes);
      }
    };
  }

  String json() {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("name", kind);
    map.put("attributes", attributes);
    return ForeignJson.write(map);
  }
}
