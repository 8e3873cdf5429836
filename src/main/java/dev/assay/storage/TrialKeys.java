package dev.assay.storage;

import java.util.LinkedHashSet;
import java.util.Set;

/// The names of what a study's trials have, each once, in the order in which trials by number have
/// them first.
///
/// @param attributes what objectives attached
/// @param notes what samplers want to find again
public record TrialKeys(Set<String> attributes, Set<String> notes) {
  /// Sets to be filled.
  public static TrialKeys none() {
    return new TrialKeys(new LinkedHashSet<>(), new LinkedHashSet<>());
  }
}
