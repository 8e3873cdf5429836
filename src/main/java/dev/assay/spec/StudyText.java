package dev.assay.spec;

import dev.assay.files.LargeFile;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The text of a study file.
final class StudyText {
  private StudyText() {}

  /// The text of a file, without a byte order mark.
  static String read(Path file) {
    if (!Files.exists(file)) {
      throw missing(file);
    }
    if (Files.isDirectory(file)) {
      throw new Problem("This is a directory.", file.toString(), "Name the study file in it.");
    }
    return LargeFile.read(file, () -> text(file));
  }

  private static String text(Path file) {
    try {
      var bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      var read = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return read.startsWith("\uFEFF") ? read.substring(1) : read;
    } catch (CharacterCodingException e) {
      throw new Problem(
          "The study file is not UTF-8 text.", file.toString(), "Save it as UTF-8.", e);
    } catch (IOException e) {
      throw new Problem(
          "The study file cannot be read.", file + ": " + e, "Check the file and its rights.", e);
    }
  }

  private static Problem missing(Path file) {
    var mend = "assay init " + file + " writes a sample.";
    var directory = file.toAbsolutePath().getParent();
    if (directory != null && Files.isDirectory(directory)) {
      try (var others = Files.list(directory)) {
        var names =
            others
                .map(other -> other.getFileName().toString())
                .filter(name -> name.matches("(?i).*\\.(ya?ml|json)"))
                .limit(1000)
                .toList();
        mend =
            names.isEmpty()
                ? mend
                : Nearest.suggest(file.getFileName().toString(), names) + " Or: " + mend;
      } catch (IOException e) {
        // The suggestion is a courtesy; the problem itself stands without it.
        mend = "assay init writes a sample.";
      }
    } else {
      mend = "There is no such directory either: check the path.";
    }
    return new Problem("There is no such study file.", file.toString(), mend);
  }
}
