package dev.assay.kernel;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is compiled.
///
/// @param file where the text is from: for messages, and its directory for includes
/// @param text the program
/// @param function the kernel in it
/// @param defines macros, by name
/// @param options of the compiler
public record KernelSource(
    String file, String text, String function, Map<String, String> defines, List<String> options) {
  public KernelSource {
    defines = Collections.unmodifiableMap(new LinkedHashMap<>(defines));
    options = List.copyOf(options);
  }
}
