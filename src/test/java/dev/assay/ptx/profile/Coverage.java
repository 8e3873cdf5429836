package dev.assay.ptx.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `Coverage DIRECTORY`: of each kernel, how many of its basic blocks any of the processes reached
/// that ran with `ASSAY_STANDIN_COVERAGE=DIRECTORY`, and the PTX lines of the others.
public final class Coverage {
  private Coverage() {}

  /// @param arguments the directory
  public static void main(String[] arguments) throws IOException {
    var lines = new java.util.ArrayList<String>();
    try (var files = Files.newDirectoryStream(Path.of(arguments[0]), "reached-*.txt")) {
      for (var file : files) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    System.out.print(table(lines));
  }

  /// @param lines kernel, PTX line of the block, and 1 where it was reached
  static String table(List<String> lines) {
    var kernels = new TreeMap<String, Map<Integer, Boolean>>();
    for (var line : lines) {
      var words = line.split("\t");
      kernels
          .computeIfAbsent(words[0], _ -> new TreeMap<>())
          .merge(Integer.parseInt(words[1]), words[2].equals("1"), Boolean::logicalOr);
    }
    var text = new StringBuilder();
    long all = 0;
    long reached = 0;
    for (var kernel : kernels.entrySet()) {
      var blocks = kernel.getValue();
      long here = blocks.values().stream().filter(b -> b).count();
      all += blocks.size();
      reached += here;
      text.append("%-34s %5d of %5d".formatted(kernel.getKey(), here, blocks.size()));
      var missing =
          blocks.entrySet().stream().filter(b -> !b.getValue()).map(b -> b.getKey()).toList();
      text.append(missing.isEmpty() ? "\n" : ", not lines " + ranges(missing, blocks) + "\n");
    }
    return text + "%d of %d basic blocks were reached.%n".formatted(reached, all);
  }

  /// Neighbouring blocks as one range of lines.
  private static String ranges(List<Integer> missing, Map<Integer, Boolean> blocks) {
    var order = List.copyOf(blocks.keySet());
    var text = new StringBuilder();
    for (int i = 0; i < missing.size(); ) {
      int end = i;
      while (end + 1 < missing.size()
          && order.indexOf(missing.get(end + 1)) == order.indexOf(missing.get(end)) + 1) {
        end++;
      }
      text.append(i == 0 ? "" : ", ").append(missing.get(i));
      text.append(end > i ? "-" + missing.get(end) : "");
      i = end + 1;
    }
    return text.toString();
  }
}
