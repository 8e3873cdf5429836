package dev.assay.cli;

import dev.assay.problem.Problem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/// The directories in which studies live: `results/studies/NAME/` below the current directory, or
/// below the one that the environment variable ASSAY_STUDIES names.
record StudyPlace(Path root) {
  /// Of most file systems, in bytes.
  private static final int LONGEST = 255;

  /// The place that this process uses.
  static StudyPlace current() {
    var elsewhere = System.getenv("ASSAY_STUDIES");
    return new StudyPlace(
        elsewhere == null || elsewhere.isBlank()
            ? Path.of("results", "studies")
            : Path.of(elsewhere));
  }

  /// A study's own directory. Any text is a valid name: it is percent-encoded.
  Path directory(String study) {
    return root.resolve(encoded(study));
  }

  /// A study's name as the name of a directory.
  static String encoded(String study) {
    var encoded = URLEncoder.encode(study, StandardCharsets.UTF_8).replace("+", "%20");
    // These two would be the directory itself and the one above.
    return switch (encoded) {
      case "." -> "%2E";
      case ".." -> "%2E%2E";
      default -> encoded;
    };
  }

  /// Refuses a name that no directory can have.
  static void requireFitting(String study) {
    int bytes = encoded(study).length();
    if (bytes > LONGEST) {
      throw new Problem(
          "The study's name is too long for a directory.",
          (study.length() > 60 ? study.substring(0, 60) + "..." : study)
              + ", "
              + bytes
              + " bytes as a directory's name",
          "Names may have "
              + LONGEST
              + " bytes there; what is no ASCII letter, digit, dot, dash or _ takes 3 for each"
              + " byte.");
    }
  }

  /// Where a study's external trials have their directories.
  Path trials(String study) {
    return directory(study).resolve("trials");
  }

  Path database(String study) {
    return directory(study).resolve("study.db");
  }

  Path report(String study) {
    return directory(study).resolve("report.html");
  }

  /// Whether there is such a study.
  ///
  /// @throws Problem where that cannot be told, as in directories of other users
  boolean has(String study) {
    var database = database(study);
    boolean there = Files.exists(database);
    if (!there && !Files.notExists(database)) {
      throw closed(directory(study));
    }
    return there;
  }

  private static Problem closed(Path directory) {
    return new Problem(
        "The directory may not be read.",
        directory.toString(),
        "Its owner can let you: chmod -R o+rX. Other studies: the environment variable"
            + " ASSAY_STUDIES names their directory.");
  }

  /// The names of the studies that have a directory here, sorted.
  ///
  /// @throws Problem where the directory of studies may not be read
  List<String> names() {
    return entries(database -> Files.exists(database));
  }

  /// The names of directories here of which cannot be told whether they hold a study, sorted.
  ///
  /// @throws Problem where the directory of studies may not be read
  List<String> closed() {
    return entries(database -> !Files.exists(database) && !Files.notExists(database));
  }

  private List<String> entries(Predicate<Path> database) {
    if (Files.notExists(root)) {
      return List.of();
    }
    try (var entries = Files.list(root)) {
      return entries
          .filter(entry -> database.test(entry.resolve("study.db")))
          .map(entry ->
              java.net.URLDecoder.decode(entry.getFileName().toString(), StandardCharsets.UTF_8))
          .sorted()
          .toList();
    } catch (java.nio.file.NotDirectoryException e) {
      return List.of();
    } catch (java.io.IOException e) {
      throw closed(root);
    }
  }
}
