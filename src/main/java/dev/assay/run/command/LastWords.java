package dev.assay.run.command;

import java.util.List;
import java.util.regex.Pattern;

/// Which line of what a program printed before it failed says why.
final class LastWords {
  /// GCC, Clang, javac, nvcc, MSVC, tsc, OpenCL; Rust; linkers; compilers themselves; Go; CMake.
  private static final Pattern COMPILER =
      Pattern.compile(
          "^.*?[:(][0-9]+(?:[:,.-][0-9]+)*+\\)?\\s*:?\\s*(?:fatal |catastrophic |internal compiler )?"
              + "[eE]rror\\b.*|^error(?:\\[E[0-9]+])?: .*|.*undefined reference to .*"
              + "|.*cannot find -l.*|.*multiple definition of .*|.*undefined symbol: .*"
              + "|^(?:ptxas|nvlink|nvcc|cicc|cc1\\w*|gcc|g\\+\\+|c\\+\\+|clang\\S*|ld\\S*|f951|icp?x)"
              + "\\s*:?\\s*(?:fatal|error|fatal error)\\s*:.*|^(?:Fatal )?Error: .* at \\([0-9]\\) .*"
              + "|^\\S+\\.go:[0-9]+:[0-9]+: .*|^CMake Error.*");

  /// What stands below the line that says why: excerpts of sources, calls, counts, who gave up.
  private static final List<Pattern> BELOW =
      List.of(
          Pattern.compile("[\\s^~|+=*_.-]*"),
          Pattern.compile("\\s*[0-9]*\\s*\\|.*|\\s*-->.*|\\s*= (?:note|help):.*"),
          Pattern.compile(".*\\b(?:note|help|warning): .*|In file included from.*|\\s+from .*[:,]"),
          Pattern.compile(".*: In (?:member )?function .*:|.*: At top level:"),
          Pattern.compile("[0-9]+ (?:errors?|warnings?)\\b.*|compilation terminated\\."),
          Pattern.compile("g?make(?:\\[[0-9]+])?: .*|\\*\\*\\* Error code .*|ninja: .*|FAILED: .*"),
          Pattern.compile("collect2: error: .*|\\S*ld: .* returned [0-9]+ exit status"),
          Pattern.compile("error: (?:aborting|could not compile) .*|.*linker command failed .*"),
          Pattern.compile("For more information about this error.*|Some errors have detailed .*"),
          Pattern.compile("\\s+at .*|\\s*\\.{3} [0-9]+ (?:more|common frames).*|\\s+from .*:in .*"),
          Pattern.compile("Stacktrace:|\\s*\\[[0-9]+] .*|\\s+@ .*|in expression starting at .*"),
          Pattern.compile("goroutine [0-9]+.*|\\s+\\S+\\.go:[0-9]+.*|exit status [0-9]+"),
          Pattern.compile("Execution halted|Node\\.js v.*|Aborted.*|.*\\(core dumped\\).*"));

  private static final Pattern CARETS = Pattern.compile("\\s*[\\^~][\\s^~]*");

  /// Says only that something that was called failed.
  private static final Pattern CALLER =
      Pattern.compile(
          "(?i).*(?:non-?zero|exit(?:ed)? (?:with )?(?:code|status)|exit code"
              + "|\\b(?:build|compil\\w*|link\\w*|command|make)\\b.{0,60}\\bfail).*");

  private static final Pattern PANIC = Pattern.compile("(?:panic|fatal error): .*");

  private LastWords() {}

  /// @param lines that are not blank, of one stream
  /// @return empty where there is none
  static String of(List<String> lines) {
    if (lines.isEmpty()) {
      return "";
    }
    int last = lines.size() - 1;
    int said = last;
    while (said > 0 && isBelow(lines, said)) {
      said--;
    }
    if (isBelow(lines, said)) {
      said = last;
    }
    var line = lines.get(said);
    if (said < last || CALLER.matcher(line).matches() || COMPILER.matcher(line).matches()) {
      // The first error is the cause of others.
      for (var pattern : List.of(COMPILER, PANIC)) {
        for (int i = 0; i <= said; i++) {
          if (pattern.matcher(lines.get(i)).matches() && !isBelow(lines, i)) {
            return lines.get(i).strip();
          }
        }
      }
    }
    return line.strip();
  }

  private static boolean isBelow(List<String> lines, int index) {
    var line = lines.get(index);
    boolean source =
        index + 1 < lines.size()
            && CARETS.matcher(lines.get(index + 1)).matches()
            && Character.isWhitespace(line.charAt(0));
    return source || BELOW.stream().anyMatch(pattern -> pattern.matcher(line).matches());
  }
}
