package dev.assay.device;

import java.util.List;
import java.util.Map;

/// How long one operation of a back end took.
///
/// @param name of the operation
/// @param parameters sizes, by name
/// @param milliseconds of every run after the first, each waited for
public record Timing(String name, Map<String, String> parameters, List<Double> milliseconds) {
  public Timing {
    parameters = Map.copyOf(parameters);
    milliseconds = List.copyOf(milliseconds);
  }
}
