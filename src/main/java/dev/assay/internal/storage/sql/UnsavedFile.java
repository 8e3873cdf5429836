package dev.assay.internal.storage.sql;

import dev.assay.files.OwnerOnly;
import dev.assay.files.UserCache;
import dev.assay.internal.words.Log;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;

/// Where the ends of trials are kept that cannot be written into a storage file now:
/// `FILE-unsaved-STUDY-WORKER` beside it, or, where there is no room, the same in the user's cache
/// directory. Whoever opens the study next takes them over.
///
/// @param path of the file that holds the trials, one JSON line each
record UnsavedFile(Path path) {
  private static final Logger LOG = Log.of(UnsavedFile.class);

  /// The places of one log's, the best first.
  static List<UnsavedFile> of(Path storage, long study, long worker) {
    return directories(storage).stream()
        .map(directory -> new UnsavedFile(directory.resolve(prefix(storage, study) + worker)))
        .toList();
  }

  /// Those of a study whose workers do not live any more.
  static List<UnsavedFile> abandoned(Path storage, long study, Set<Long> living) {
    var found = new ArrayList<UnsavedFile>();
    var prefix = prefix(storage, study);
    for (var directory : directories(storage)) {
      if (!Files.isDirectory(directory)) {
        continue;
      }
      try (var files = Files.newDirectoryStream(directory, path -> name(path).startsWith(prefix))) {
        for (var file : files) {
          var worker = name(file).substring(prefix.length());
          if (worker.matches("\\d{1,18}") && !living.contains(Long.valueOf(worker))) {
            found.add(new UnsavedFile(file));
          }
        }
      } catch (IOException | DirectoryIteratorException e) {
        LOG.debug("Unsaved trials are not looked for in {}.", directory, e);
      }
    }
    return found;
  }

  private static String name(Path path) {
    var name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  private static String prefix(Path storage, long study) {
    return name(storage) + "-unsaved-" + study + "-";
  }

  private static List<Path> directories(Path storage) {
    var directories = new ArrayList<Path>();
    var own = storage.toAbsolutePath().normalize().getParent();
    if (own != null) {
      directories.add(own);
      directories.add(cache().resolve(Integer.toHexString(own.hashCode())));
    }
    return directories;
  }

  /// Where ends of trials are kept that have no place beside their storage.
  static Path cache() {
    return UserCache.directory().resolve("unsaved");
  }

  /// Adds a trial; the disk has it when this returns.
  void add(UnsavedTrial trial) throws IOException {
    var directory = path.getParent();
    if (directory != null) {
      OwnerOnly.directories(directory);
    }
    OwnerOnly.file(path); // unless it has other trials already
    // Not a channel, which would give up in a thread that is interrupted.
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      long before = file.length();
      file.seek(before);
      try {
        file.write(trial.line().getBytes(StandardCharsets.UTF_8));
        file.getFD().sync();
      } catch (IOException e) {
        file.setLength(before); // half a line would spoil the next
        throw e;
      }
    }
  }

  List<UnsavedTrial> read() throws IOException {
    var trials = new ArrayList<UnsavedTrial>();
    // As bytes: what a kill cut short may be no text.
    for (var line : new String(Files.readAllBytes(path), StandardCharsets.UTF_8).split("\n")) {
      UnsavedTrial.parse(line).ifPresent(trials::add);
    }
    return trials;
  }

  void remove() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.warn("{} cannot be removed: {}", path, e.toString());
    }
  }
}
