package dev.assay.ptx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// `Translate OUTPUT FILE.ptx ...`: writes `FILE.c` into the directory for each; what is refused
/// goes to standard error, as compilers say it, and ends the command with status 1.
public final class Translate {
  private Translate() {}

  /// @param arguments the output's directory and the files
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 2) {
      System.err.println("usage: Translate OUTPUT FILE.ptx ...");
      System.exit(2);
    }
    var out = Path.of(arguments[0]);
    Files.createDirectories(out);
    if (!all(out, Arrays.asList(arguments).subList(1, arguments.length))) {
      System.exit(1);
    }
  }

  private static boolean all(Path out, List<String> files) throws IOException {
    boolean sound = true;
    for (var file : files) {
      var path = Path.of(file);
      var name = path.getFileName().toString();
      try {
        var c = c(Files.readAllBytes(path));
        Files.writeString(out.resolve(name.replaceFirst("\\.ptx$", "") + ".c"), c);
      } catch (Refused e) {
        System.err.println(e.at(name));
        sound = false;
      }
    }
    return sound;
  }

  /// A module's C.
  ///
  /// @throws Refused where the text has what is not known
  static String c(byte[] ptx) {
    return Emitter.c(Parser.parse(new String(ptx, StandardCharsets.ISO_8859_1)));
  }
}
