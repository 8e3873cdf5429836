package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The barriers of the shipped PTX, in the order of modules and lines.
final class ShippedBarriers {
  private static final Pattern BARRIER = Pattern.compile("\\s*(bar(\\.warp)?\\.sync)\\s.*");
  private static final Pattern ENTRY = Pattern.compile(".*\\.entry (\\w+).*");

  /// @param line of the module's PTX
  record Barrier(String module, String kernel, int line, String opcode) {
    /// As the stand-in calls it.
    String key() {
      return kernel + "\t" + line;
    }
  }

  private ShippedBarriers() {}

  static List<Barrier> all() {
    return KernelImages.MODULES.stream().flatMap(module -> of(module).stream()).toList();
  }

  /// The kernels of each module.
  static Map<String, Set<String>> kernels() {
    var kernels = new LinkedHashMap<String, Set<String>>();
    for (var module : KernelImages.MODULES) {
      kernels.put(
          module,
          lines(module).stream()
              .map(ENTRY::matcher)
              .filter(found -> found.matches())
              .map(found -> found.group(1))
              .collect(Collectors.toSet()));
    }
    return kernels;
  }

  /// The names of all kernels and of what they call.
  static Set<String> functions() {
    var names = Pattern.compile("\\.(?:entry|func)\\s+(?:\\([^)]*\\)\\s*)?(\\w+)\\s*\\(");
    return KernelImages.MODULES.stream()
        .flatMap(module -> names.matcher(String.join("\n", lines(module))).results())
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }

  private static List<String> lines(String module) {
    return new String(KernelImages.ptx(module, KernelImages.TENSOR), StandardCharsets.US_ASCII)
        .lines()
        .toList();
  }

  /// Those of a module's kernels; functions that kernels call have none.
  private static List<Barrier> of(String module) {
    var all = new ArrayList<Barrier>();
    var lines = lines(module);
    var kernel = "";
    for (int i = 0; i < lines.size(); i++) {
      var entry = ENTRY.matcher(lines.get(i));
      if (entry.matches()) {
        kernel = entry.group(1);
      } else if (lines.get(i).startsWith(".func")) {
        kernel = "";
      }
      var found = BARRIER.matcher(lines.get(i));
      if (found.matches()) {
        assertThat(kernel).as(module + " line " + (i + 1)).isNotEmpty();
        all.add(new Barrier(module, kernel, i + 1, found.group(1)));
      }
    }
    return all;
  }
}
