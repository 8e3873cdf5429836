package dev.assay.space;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One value for each active parameter of a space. Immutable.
///
/// Two configurations of one space are equal when their values are.
public final class Configuration {
  private final SearchSpace space;
  private final double[] codes;

  /// @param codes d codes, NaN where inactive; owned by this configuration from now on
  Configuration(SearchSpace space, double[] codes) {
    this.space = space;
    this.codes = codes;
  }

  public SearchSpace space() {
    return space;
  }

  /// The code of parameter `index`, NaN when it is inactive.
  public double code(int index) {
    return codes[index];
  }

  public boolean isActive(int index) {
    return !Double.isNaN(codes[index]);
  }

  public boolean isActive(String name) {
    return isActive(space.requireIndex(name));
  }

  /// Whether it has a value for a parameter: there is one of that name, and it exists.
  public boolean has(String name) {
    return space.has(name) && isActive(name);
  }

  /// The value of an active parameter.
  ///
  /// @throws Problem when there is no such parameter, or it does not exist under the choices made
  public @Nullable Object get(String name) {
    int index = space.requireIndex(name);
    if (!isActive(index)) {
      throw new Problem(
          "The parameter does not exist in this configuration.",
          name + " in " + values(),
          "Ask isActive(\"" + name + "\") first. " + Nearest.suggest(name, values().keySet()));
    }
    return value(index);
  }

  /// The value of parameter `index`; null when it is inactive, and perhaps for a choice.
  public @Nullable Object value(int index) {
    return isActive(index)
        ? space.parameters().get(index).distribution().value(codes[index])
        : null;
  }

  /// The value of an active numeric parameter.
  public double number(String name) {
    if (get(name) instanceof Number number) {
      return number.doubleValue();
    }
    throw new Problem(
        "The parameter is not a number.", name + " = " + get(name), "Use get(\"" + name + "\").");
  }

  /// The active parameters and their values, in the order of the space.
  public Map<String, @Nullable Object> values() {
    var values = new LinkedHashMap<String, @Nullable Object>();
    for (int i = 0; i < codes.length; i++) {
      if (isActive(i)) {
        values.put(space.parameters().get(i).name(), value(i));
      }
    }
    return Collections.unmodifiableMap(values);
  }

  /// The codes themselves, for the package's own constraints.
  double[] codes() {
    return codes;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Configuration that && Arrays.equals(codes, that.codes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(codes);
  }

  @Override
  public String toString() {
    return values().toString();
  }
}
