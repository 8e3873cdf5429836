package dev.assay.ship;

import dev.assay.files.Contents;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Finds what travels with a study.
///
/// @param base the study file's directory: nothing outside of it travels
/// @param mostBytes of all files together
public record Packing(Path base, long mostBytes) {
  /// More are better packed into one.
  public static final int MOST_FILES = 2000;

  private static final long MEBIBYTE = 1 << 20;

  /// The files of these names, directories with all that is in them.
  ///
  /// @param names relative to the base
  /// @throws Problem for what is missing, lies elsewhere, is no file, cannot be read or is too much
  public Manifest of(List<String> names) {
    var files = new TreeMap<String, Path>();
    try {
      var root = base.toRealPath();
      for (var name : names) {
        var path = base.resolve(name).normalize();
        if (!Files.exists(path)) {
          throw new Problem(
              "A file that is to travel with the study is missing.",
              name + " in " + base,
              "Write paths as they are from the study file's directory, or remove it from ship.");
        }
        add(root, path, files);
      }
      return manifest(files);
    } catch (IOException e) {
      throw new Problem(
          "Files that are to travel with the study cannot be read.",
          base + ": " + e,
          "See that they are readable and stay as they are.",
          e);
    }
  }

  private void add(Path root, Path start, TreeMap<String, Path> files) throws IOException {
    try (var all = Files.walk(start, FileVisitOption.FOLLOW_LINKS)) {
      for (var path : all.toList()) {
        if (!path.toRealPath().startsWith(root)) {
          boolean link = Files.isSymbolicLink(path);
          throw new Problem(
              "What is to travel with the study lies outside the study file's directory.",
              path + (link ? ", a link to " : ", which is ") + path.toRealPath(),
              "Copy it there, or name it by an absolute path that every machine has.");
        }
        if (Files.isRegularFile(path)) {
          var relative = base.relativize(path).toString().replace('\\', '/');
          files.put(relative, path);
        } else if (!Files.isDirectory(path)) {
          throw new Problem(
              "Only files and directories travel with a study.",
              path.toString(),
              "Remove it from ship, or from the directory that ship names.");
        }
        if (files.size() > MOST_FILES) {
          throw new Problem(
              "Too many files are to travel with the study.",
              "more than " + MOST_FILES + " below " + base,
              "Pack them into an archive that the program opens, or name fewer.");
        }
      }
    } catch (java.io.UncheckedIOException e) { // a directory that cannot be read, or a circle
      throw e.getCause();
    }
  }

  private Manifest manifest(TreeMap<String, Path> files) throws IOException {
    long bytes = 0;
    for (var file : files.values()) {
      bytes += Files.size(file);
    }
    if (bytes > mostBytes) {
      throw new Problem(
          "More is to travel with the study than the storage takes.",
          bytes / MEBIBYTE + " MiB in " + files.size() + " files, at most " + mostBytes / MEBIBYTE,
          "Let it travel through a directory that all machines share: ship: {files: [...], to:"
              + " /shared/DIR}.");
    }
    var entries = new ArrayList<Manifest.Entry>();
    for (var file : files.entrySet()) {
      entries.add(
          new Manifest.Entry(
              file.getKey(),
              Files.size(file.getValue()),
              Contents.sha256(file.getValue()),
              Files.isExecutable(file.getValue())));
    }
    return new Manifest(entries);
  }

  /// Leaves the contents where others find them.
  ///
  /// @throws Problem where that fails
  public void send(Manifest manifest, Depot depot) {
    for (var entry : manifest.entries()) {
      try {
        if (!depot.has(entry.sha256())) {
          depot.put(entry.sha256(), base.resolve(entry.path()));
        }
      } catch (IOException e) {
        throw new Problem(
            "A file that is to travel with the study cannot be left for others.",
            entry.path() + ": " + e,
            "See that there is room, and that this user may write there.",
            e);
      }
    }
  }

  /// Whether a path is one of a file that may be written to: no link.
  static boolean isPlain(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }
}
