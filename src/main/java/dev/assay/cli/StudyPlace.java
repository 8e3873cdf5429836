package dev.assay.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The directories in which studies live: `results/studies/NAME/` below the current directory, or
/// below the one that the environment variable ASSAY_STUDIES names.
record StudyPlace(Path root) {
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

  /// The names of the studies that have a directory here, sorted.
  List<String> names() {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (var entries = Files.list(root)) {
      return entries
          .filter(entry -> Files.exists(entry.resolve("study.db")))
          .map(entry ->
              java.net.URLDecoder.decode(entry.getFileName().toString(), StandardCharsets.UTF_8))
          .sorted()
          .toList();
    } catch (java.io.IOException e) {
      return List.of();
    }
  }
}
