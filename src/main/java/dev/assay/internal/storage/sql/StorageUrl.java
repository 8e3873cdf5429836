package dev.assay.internal.storage.sql;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.storage.InMemoryStorage;
import dev.assay.storage.Storage;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a study is, in one line: `sqlite:PATH#NAME`, `sqlite:PATH`, `memory:`,
/// `postgresql://USER@HOST:PORT/DATABASE#NAME`.
///
/// The first `#` ends the path, so that names may be any text.
public sealed interface StorageUrl {
  /// The study's name; null where the URL names a storage only.
  @Nullable String study();

  /// Opens the storage, which the caller closes. No file is made before a study is.
  Storage open();

  /// A SQLite file.
  record Sqlite(Path path, @Nullable String study) implements StorageUrl {
    @Override
    public Storage open() {
      return new SqliteStorage(path);
    }

    @Override
    public String toString() {
      return "sqlite:" + path + (study == null ? "" : "#" + study);
    }
  }

  /// This process's memory: every opening is a new, empty storage.
  record Memory(@Nullable String study) implements StorageUrl {
    @Override
    public Storage open() {
      return new InMemoryStorage();
    }

    @Override
    public String toString() {
      return "memory:" + (study == null ? "" : "#" + study);
    }
  }

  /// A PostgreSQL database. No text of it has the password.
  record Postgres(PostgresAddress address, @Nullable String study) implements StorageUrl {
    @Override
    public Storage open() {
      return new PostgresStorage(address);
    }

    @Override
    public String toString() {
      return address + (study == null ? "" : "#" + study);
    }
  }

  /// Whether a text is meant as a storage URL rather than a study's name.
  static boolean isUrl(String text) {
    return text.matches("(?s)(sqlite|memory|postgres(ql)?):.*");
  }

  /// The same place, with another study.
  default StorageUrl with(String study) {
    return switch (this) {
      case Sqlite(var path, _) -> new Sqlite(path, study);
      case Memory _ -> new Memory(study);
      case Postgres(var address, _) -> new Postgres(address, study);
    };
  }

  /// @throws Problem for an unknown kind, no path, a path that the system does not allow, or an
  ///   empty name after `#`
  static StorageUrl parse(String url) {
    int colon = url.indexOf(':');
    var kind = colon < 0 ? url : url.substring(0, colon);
    var rest = colon < 0 ? "" : url.substring(colon + 1);
    int hash = rest.indexOf('#');
    var place = hash < 0 ? rest : rest.substring(0, hash);
    var study = hash < 0 ? null : rest.substring(hash + 1);
    if (study != null && study.isBlank()) {
      throw new Problem("The study has no name.", url, "Write it after #, or leave out the #.");
    }
    if (colon >= 0 && kind.equals("sqlite")) {
      return new Sqlite(path(place, url), study);
    }
    if (colon >= 0 && kind.equals("memory")) {
      if (!place.isEmpty()) {
        throw new Problem("Memory has no path.", url, "Write memory: alone, or sqlite:PATH.");
      }
      return new Memory(study);
    }
    if (colon >= 0 && (kind.equals("postgresql") || kind.equals("postgres"))) {
      return new Postgres(PostgresAddress.parse(place), study);
    }
    throw new Problem(
        "There is no such storage.",
        url,
        colon < 0 && url.matches("(?s).*[./\\\\].*")
            ? "If it is a file, write sqlite:" + url + "."
            : Nearest.suggest(kind + ":", List.of("sqlite:", "memory:", "postgresql:"))
                + " Write sqlite:PATH#NAME, or postgresql://USER@HOST/DATABASE#NAME.");
  }

  private static Path path(String place, String url) {
    if (place.isBlank()) {
      throw new Problem("The SQLite file has no path.", url, "Write sqlite:PATH#NAME.");
    }
    try {
      return Path.of(place);
    } catch (InvalidPathException e) {
      throw new Problem(
          "The path is none that this system allows.", place, "Choose another path.", e);
    }
  }
}
