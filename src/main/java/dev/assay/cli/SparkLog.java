package dev.assay.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds in what Spark logs why it gave up, for an error of one line.
final class SparkLog {
  /// The end of the log that is looked at, in bytes.
  private static final int LOOKS_AT = 256 << 10;

  private static final int LONGEST = 300;

  private static final Pattern THROWN = Pattern.compile("^Exception in thread \"[^\"]*\" (.+)");
  private static final Pattern KILLED =
      Pattern.compile(" ERROR .*Application has been killed\\. Reason: (.+)");
  private static final Pattern ERROR = Pattern.compile(" ERROR (\\w+: .+)");

  private SparkLog() {}

  /// Why Spark ended, as far as its log says: what was thrown last, else why the cluster ended the
  /// application, else the last error.
  static @Nullable String reason(Path log) {
    String text;
    try (var file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(Math.max(0, file.length() - LOOKS_AT));
      var bytes = new byte[(int) Math.min(LOOKS_AT, file.length())];
      file.readFully(bytes);
      text = new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return null; // the error names the log anyway
    }
    for (var pattern : new Pattern[] {THROWN, KILLED, ERROR}) {
      var last = text.lines().map(pattern::matcher).filter(matcher -> matcher.find());
      var found = last.map(matcher -> matcher.group(1)).reduce((_, next) -> next);
      if (found.isPresent()) {
        var line = found.get().replaceFirst("^([a-z]\\w*\\.)+\\w+: ", "").strip();
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
      }
    }
    return null;
  }
}
