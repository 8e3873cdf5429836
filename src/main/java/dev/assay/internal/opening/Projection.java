package dev.assay.internal.opening;

import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads configurations of one space in another: one that grew, or that an earlier study had.
///
/// @param space the space now, nothing fixed
/// @param was what parameters were before there was a choice, by name
public record Projection(SearchSpace space, Map<String, ? extends @Nullable Object> was) {
  /// The same configuration in the space now. What is no parameter any more is left out; one that
  /// is new has the value that it was said to have been, or its declared default. Constraints are
  /// not looked at.
  ///
  /// @throws Problem where there is none, with the reason
  public Configuration of(Configuration then) {
    var values = new LinkedHashMap<String, @Nullable Object>();
    var before = then.values();
    for (var parameter : space.parameters()) {
      var name = parameter.name();
      if (before.containsKey(name)) {
        values.put(name, before.get(name));
      } else if (was.containsKey(name)) {
        values.put(name, was.get(name));
      } else if (parameter.initial() != null) {
        values.put(name, parameter.initial());
      }
    }
    var read = withoutInactive(values);
    for (var name : read.values().keySet()) {
      if (!values.containsKey(name)) {
        throw new Problem(
            "Nobody said what the parameter was.",
            name,
            "Declare it at the parameter: was: VALUE.");
      }
    }
    return read;
  }

  /// A parameter whose condition changed may not exist any more under the other values.
  private Configuration withoutInactive(Map<String, @Nullable Object> values) {
    var codes = new double[space.dimension()];
    var active = new LinkedHashMap<String, @Nullable Object>();
    for (int i = 0; i < codes.length; i++) {
      var parameter = space.parameters().get(i);
      codes[i] = Double.NaN;
      if (values.containsKey(parameter.name()) && space.exists(i, codes)) {
        var value = values.get(parameter.name());
        codes[i] = parameter.distribution().code(value);
        active.put(parameter.name(), value);
      }
    }
    return space.read(active);
  }
}
