package dev.assay.run.command;

import dev.assay.files.Contents;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The files that a command names by relative paths, as far as they are there: those must be the
/// same on every machine that runs its trials. Absolute paths (interpreters, data) are a machine's
/// own.
public final class ProgramFiles {
  private ProgramFiles() {}

  /// Their SHA-256, by path as the command has it.
  ///
  /// @param base the study file's directory
  public static Map<String, String> digests(CommandSettings settings, Path base) {
    var directory = directory(settings, base);
    var digests = new TreeMap<String, String>();
    for (var word : settings.words()) {
      var file = file(directory, word);
      if (file != null) {
        digests.put(word, digest(file));
      }
    }
    return digests;
  }

  private static Path directory(CommandSettings settings, Path base) {
    return settings.directory() == null ? base : base.resolve(settings.directory());
  }

  private static @Nullable Path file(Path directory, String word) {
    try {
      var path = Path.of(word);
      var file = directory.resolve(path);
      return !path.isAbsolute() && Files.isRegularFile(file) ? file : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /// Refuses to run trials with other programs than others run them with.
  ///
  /// @param there what others have: see [#digests]
  /// @throws Problem for a file that is missing here, or is another one
  public static void requireSame(CommandSettings settings, Path base, Map<?, ?> there) {
    var directory = directory(settings, base).toAbsolutePath().normalize();
    there.forEach((word, digest) -> {
      var file = file(directory, String.valueOf(word));
      if (file == null) {
        throw new Problem(
            "A file that the study's trials need is missing on this machine.",
            word + " in " + directory,
            "Bring it here, say where it is (--directory DIR), or let it travel with the study:"
                + " ship: ["
                + word
                + "].");
      }
      if (!digest(file).equals(digest)) {
        throw new Problem(
            "The study's trials run another program elsewhere.",
            file + " is not the " + word + " that the study was begun or gone on with",
            "Bring that here; or, should this be the right one, go on with the study where it is"
                + " owned.");
      }
    });
  }

  /// SHA-256 of a file's content, in hexadecimal digits.
  ///
  /// @throws Problem where it cannot be read
  private static String digest(Path file) {
    try {
      return Contents.sha256(file);
    } catch (IOException e) {
      throw new Problem(
          "A file that trials need cannot be read.",
          file + ": " + e,
          "See that it is readable.",
          e);
    }
  }
}
