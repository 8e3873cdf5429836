package dev.assay.device.nvidia;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A kernel as PTX declares it: the driver itself believes whatever number of arguments it is
/// given.
///
/// @param name in the module: the function's own, or what C++ made of it
/// @param parameters bytes of each
record Entry(String name, List<Integer> parameters) {
  /// PTX ISA 8.5, 5.1.6 and 10.3: `.entry name (.param .u64 a, .param .align 8 .b8 b[16])`.
  private static final Pattern ENTRY =
      Pattern.compile("\\.entry\\s+([\\w$]+)\\s*(?:\\(([^)]*)\\))?");

  private static final Pattern PARAMETER =
      Pattern.compile(
          "\\.param\\s+(?:\\.align\\s+\\d+\\s+)?\\.[a-z](\\d+)\\b[^,\\[]*(?:\\[(\\d+)\\])?");

  Entry {
    parameters = List.copyOf(parameters);
  }

  /// The kernel of that name, or of a C++ function of that name (Itanium ABI: `_Z4gemm...`).
  static Optional<Entry> find(String ptx, String function) {
    var mangled = "_Z" + function.length() + function;
    var entries = ENTRY.matcher(ptx);
    while (entries.find()) {
      var name = entries.group(1);
      if (name.equals(function) || name.startsWith(mangled)) {
        var list = entries.group(2);
        return Optional.of(new Entry(name, list == null ? List.of() : bytes(list)));
      }
    }
    return Optional.empty();
  }

  private static List<Integer> bytes(String list) {
    var bytes = new ArrayList<Integer>();
    var parameters = PARAMETER.matcher(list);
    while (parameters.find()) {
      int each = Integer.parseInt(parameters.group(1)) / 8;
      var count = parameters.group(2);
      bytes.add(count == null ? each : each * Integer.parseInt(count));
    }
    return bytes;
  }
}
