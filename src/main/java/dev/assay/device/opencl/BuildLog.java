package dev.assay.device.opencl;

import dev.assay.kernel.KernelSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a compiler says of a program, with the user's file in place of the compiler's own.
final class BuildLog {
  /// Enough to see what is wrong; compilers repeat themselves.
  private static final int MOST_LINES = 20;

  /// `/tmp/xyz/program.cl:12:3:`, `<kernel>:12:3:`, `input.cl:12:3:`, whatever stands before it.
  /// Where a macro has put something else in the place of a name, clang says so before the colon.
  private static final Pattern PLACE =
      Pattern.compile(
          "(?<!\\S)[^\\s:<]*(?:<[a-z]+>)?:(\\d+):(\\d+)( <Spelling=<command line>:\\d+:\\d+>)?:");

  private BuildLog() {}

  static String of(String log, KernelSource source) {
    var named =
        PLACE
            .matcher(log)
            .replaceAll(place ->
                Matcher.quoteReplacement(
                    source.file()
                        + ":"
                        + place.group(1)
                        + ":"
                        + place.group(2)
                        + ":"
                        + (place.group(3) == null
                            ? ""
                            : " (a parameter or constant of the study is a macro of that name)")));
    var lines = named.lines().filter(line -> !line.isBlank()).toList();
    var first = new java.util.ArrayList<>(lines.subList(0, Math.min(MOST_LINES, lines.size())));
    // The first error ahead of warnings: that is what a person looks for.
    for (var line : lines) {
      if (line.contains("error:")) {
        first.remove(line);
        first.addFirst(line);
        break;
      }
    }
    return String.join("\n", first);
  }
}
