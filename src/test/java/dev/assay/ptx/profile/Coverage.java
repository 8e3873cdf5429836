package dev.assay.ptx.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `Coverage DIRECTORY`: of each kernel, how many of its basic blocks any of the processes reached
/// that ran with `ASSAY_STANDIN_COVERAGE=DIRECTORY`, and the PTX lines of the others.
public final class Coverage {
  private Coverage() {}

  /// Of one kernel or function that kernels call.
  ///
  /// @param missing PTX lines of the blocks that were not reached, neighbours as `FIRST-LAST`
  public record Function(String name, int blocks, int reached, List<String> missing) {}

  /// @param arguments the directory
  public static void main(String[] arguments) throws IOException {
    System.out.print(table(read(Path.of(arguments[0]))));
  }

  /// What all processes wrote: kernel, PTX line of the block, and 1 where it was reached.
  public static List<String> read(Path directory) throws IOException {
    var lines = new ArrayList<String>();
    try (var files = Files.newDirectoryStream(directory, "reached-*.txt")) {
      for (var file : files) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines;
  }

  /// The union over the processes, in the order of names.
  public static List<Function> functions(List<String> lines) {
    var blocks = new TreeMap<String, Map<Integer, Boolean>>();
    for (var line : lines) {
      var words = line.split("\t");
      blocks
          .computeIfAbsent(words[0], _ -> new TreeMap<>())
          .merge(Integer.parseInt(words[1]), words[2].equals("1"), Boolean::logicalOr);
    }
    var functions = new ArrayList<Function>();
    blocks.forEach((name, of) ->
        functions.add(
            new Function(
                name,
                of.size(),
                (int) of.values().stream().filter(reached -> reached).count(),
                missing(of))));
    return functions;
  }

  static String table(List<String> lines) {
    var text = new StringBuilder();
    int all = 0;
    int reached = 0;
    for (var function : functions(lines)) {
      all += function.blocks();
      reached += function.reached();
      text.append(
          "%-34s %5d of %5d".formatted(function.name(), function.reached(), function.blocks()));
      if (!function.missing().isEmpty()) {
        text.append(", not lines ").append(String.join(", ", function.missing()));
      }
      text.append('\n');
    }
    return text + "%d of %d basic blocks were reached.%n".formatted(reached, all);
  }

  private static List<String> missing(Map<Integer, Boolean> blocks) {
    var ranges = new ArrayList<String>();
    int first = -1;
    int last = -1;
    for (var block : blocks.entrySet()) {
      if (!block.getValue()) {
        first = first < 0 ? block.getKey() : first;
        last = block.getKey();
      } else if (first >= 0) {
        ranges.add(range(first, last));
        first = -1;
      }
    }
    if (first >= 0) {
      ranges.add(range(first, last));
    }
    return ranges;
  }

  private static String range(int first, int last) {
    return first == last ? "" + first : first + "-" + last;
  }
}
