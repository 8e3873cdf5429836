package dev.assay.run.population;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A copy of a directory that is the same to whoever reads it, and that nothing which happens to
/// the original changes.
///
/// Symbolic links to what lies in the directory become links to its copy. What other links lead to
/// is copied in their place, since it may change or go. A link that leads nowhere is copied as it
/// is; pipes, sockets and devices are refused, having no content that could be copied.
///
/// @param from the directory's real path
/// @param to where nothing is yet; null: nothing is copied, only refused
/// @param outer directories in copies of which this one is copied, by links
public record CheckpointCopy(Path from, @Nullable Path to, List<Path> outer) {
  /// That a directory holds something that cannot be copied: what it is, and the mend.
  public static final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  /// Refuses a directory that [#of] would not copy.
  public static void check(Path from) throws IOException {
    new CheckpointCopy(from.toRealPath(), null, List.of()).run();
  }

  static CheckpointCopy of(Path from, Path to) throws IOException {
    return new CheckpointCopy(from.toRealPath(), to, List.of());
  }

  /// @throws Refused where it cannot be the same
  void run() throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            var copy = copy(directory);
            if (copy != null) {
              Files.createDirectories(copy);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isSymbolicLink()) {
              link(file, copy(file));
            } else {
              file(file, attributes, copy(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private @Nullable Path copy(Path file) {
    return to == null ? null : to.resolve(from.relativize(file).toString());
  }

  private void file(Path file, BasicFileAttributes attributes, @Nullable Path copy)
      throws IOException {
    if (attributes.isOther()) {
      throw new Refused(
          file
              + " is neither a file nor a directory nor a link, and cannot be copied; "
              + "remove pipes and sockets before the program ends");
    }
    if (copy != null) {
      Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  private void link(Path link, @Nullable Path copy) throws IOException {
    var text = Files.readSymbolicLink(link);
    var target = target(link, text);
    if (target == null || target.startsWith(from)) {
      if (copy != null) {
        Files.createSymbolicLink(
            copy, target == null ? text : relative(link.resolveSibling(""), target));
      }
    } else if (Files.isDirectory(target)) {
      directory(link, target.toRealPath(), copy);
    } else {
      var real = target.toRealPath();
      file(real, Files.readAttributes(real, BasicFileAttributes.class), copy);
    }
  }

  private static Path relative(Path directory, Path target) {
    var relative = directory.relativize(target);
    return relative.toString().isEmpty() ? Path.of(".") : relative;
  }

  /// Where a link leads, its last step not followed; null: nowhere, or in a circle outside.
  private @Nullable Path target(Path link, Path text) {
    var said = link.resolveSibling(text);
    try {
      var name = said.getFileName();
      boolean plain = name != null && !List.of("", ".", "..").contains(name.toString());
      var parent = said.getParent();
      var target =
          plain && parent != null
              ? parent.toRealPath().resolve(name)
              : said.toRealPath(); // a name of its own it has only there
      boolean inside = target.startsWith(from) && Files.exists(target, LinkOption.NOFOLLOW_LINKS);
      return inside || Files.exists(target) ? target : null;
    } catch (IOException e) {
      return null;
    }
  }

  /// Copies a directory outside in the place of a link to it.
  private void directory(Path link, Path real, @Nullable Path copy) throws IOException {
    var around = Stream.concat(outer.stream(), Stream.of(from)).toList();
    if (around.stream().anyMatch(directory -> directory.startsWith(real))) {
      throw new Refused(
          link
              + " leads to "
              + real
              + ", a directory that it lies in itself: a copy would have no"
              + " end; link to what is needed alone");
    }
    new CheckpointCopy(real, copy, around).run();
  }
}
