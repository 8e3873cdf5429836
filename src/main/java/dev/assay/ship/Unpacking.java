package dev.assay.ship;

import dev.assay.files.Contents;
import dev.assay.files.OwnerOnly;
import dev.assay.files.Trees;
import dev.assay.files.UserCache;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Unpacks what travelled into a cache, one directory for each manifest.
///
/// @param cache made where it is missing
public record Unpacking(Path cache) {
  /// The user's cache.
  public static Unpacking standard() {
    return new Unpacking(UserCache.directory().resolve("shipped"));
  }

  /// The directory with all files, each checked now. What is there and was changed since is put
  /// there anew.
  ///
  /// @throws Problem where a content is missing or another one, or there is no room
  public Path unpack(Manifest manifest, Depot depot) {
    var place = cache.resolve(manifest.sha256());
    try {
      OwnerOnly.directories(cache);
      if (isWhole(place, manifest)) {
        return place;
      }
      var fresh = Files.createTempDirectory(cache, "new");
      try {
        for (var entry : manifest.entries()) {
          write(fresh, entry, depot);
        }
        move(fresh, place, manifest);
      } finally {
        if (Files.exists(fresh)) {
          Trees.remove(fresh);
        }
      }
      return place;
    } catch (IOException e) {
      throw new Problem(
          "The files that travel with the study cannot be unpacked.",
          place + ": " + e,
          "See that there is room and that this user may write there (XDG_CACHE_HOME names another"
              + " place).",
          e);
    }
  }

  private static boolean isWhole(Path place, Manifest manifest) throws IOException {
    if (!Files.isDirectory(place)) {
      return false;
    }
    for (var entry : manifest.entries()) {
      var file = place.resolve(entry.path());
      if (!Packing.isPlain(file)
          || Files.size(file) != entry.bytes()
          || !Contents.sha256(file).equals(entry.sha256())) {
        return false;
      }
    }
    return true;
  }

  private static void write(Path directory, Manifest.Entry entry, Depot depot) throws IOException {
    var file = directory.resolve(entry.path());
    Files.createDirectories(file.getParent());
    depot.get(entry.sha256(), file);
    if (!Contents.sha256(file).equals(entry.sha256())) {
      throw new Problem(
          "A file that travels with the study arrived as another one.",
          entry.path() + ", " + Files.size(file) + " of " + entry.bytes() + " bytes",
          "It was changed where the study is owned since the study was begun or gone on with: go on"
              + " with it there, which lists its files anew.");
    }
    if (entry.executable() && !file.toFile().setExecutable(true, true)) {
      throw new IOException(file + " cannot be made executable");
    }
  }

  /// Of several processes that unpack the same at once each finds it whole.
  private static void move(Path fresh, Path place, Manifest manifest) throws IOException {
    try {
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (isWhole(place, manifest)) {
        return; // another process was faster
      }
      if (!Files.exists(place)) {
        throw e;
      }
      var old = Files.createTempDirectory(place.getParent(), "old");
      Files.move(place, old.resolve("changed"), StandardCopyOption.ATOMIC_MOVE);
      Trees.remove(old);
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
