package dev.assay.cli;

import dev.assay.internal.storage.sql.StorageUrl;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.report.StudyView;
import dev.assay.run.control.Mailbox;
import dev.assay.run.control.Standing;
import dev.assay.storage.Storage;
import dev.assay.storage.StoredStudy;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A stored study that the command line names: STUDY is a study's name, or a storage URL.
///
/// @param url of its storage
/// @param name in its storage
/// @param directory the study's own; null where a URL names its storage
record NamedStudy(StorageUrl url, String name, @Nullable Path directory) {
  /// Finds a study, without disturbing whoever runs it.
  ///
  /// @throws Problem when there is none, with the nearest names
  static NamedStudy of(String argument) {
    return of(argument, Path.of(""));
  }

  /// As [#of(String)].
  ///
  /// @param base what a relative path in a URL is relative to
  static NamedStudy of(String argument, Path base) {
    if (StorageUrl.isUrl(argument)) {
      return at(StorageUrl.parse(argument), base);
    }
    var place = StudyPlace.current();
    var database = place.database(argument);
    if (!place.has(argument)) {
      throw unknown(argument, place.names(), place.root().toString());
    }
    return new NamedStudy(
        new StorageUrl.Sqlite(database, null),
        nameIn(database, argument),
        place.directory(argument));
  }

  /// The name of the study in a file of its own, whose directory may have got another name since.
  static String nameIn(Path database, String directory) {
    var url = new StorageUrl.Sqlite(database, null);
    return using(
        url, storage -> storage.read(directory).isPresent() ? directory : only(storage, url));
  }

  private static NamedStudy at(StorageUrl parsed, Path base) {
    var url =
        parsed instanceof StorageUrl.Sqlite(var path, var study)
            ? new StorageUrl.Sqlite(base.resolve(path), study)
            : parsed;
    var asked = url.study();
    var name =
        using(
            url,
            storage -> {
              if (asked != null && storage.read(asked).isEmpty()) {
                throw unknown(asked, storage.names(), url.toString());
              }
              return asked == null ? only(storage, url) : asked;
            });
    return new NamedStudy(url, name, null);
  }

  private static <T> T using(StorageUrl url, Function<Storage, T> work) {
    try (var storage = url.open()) {
      return work.apply(storage);
    }
  }

  private static String only(Storage storage, StorageUrl url) {
    var names = storage.names();
    if (names.size() != 1) {
      throw new Problem(
          names.isEmpty() ? "The storage holds no study." : "The storage holds several studies.",
          url.toString(),
          names.isEmpty()
              ? "Name another one."
              : "Name one: " + url + "#" + names.getFirst() + ".");
    }
    return names.getFirst();
  }

  static Problem unknown(String name, List<String> names, String where) {
    var bare = name.replaceFirst("\\.(?:ya?ml|json)$", ""); // a study file's name
    return new Problem(
        "There is no such study.",
        name + " in " + where,
        !bare.equals(name) && names.contains(bare)
            ? "Write the study's name, not its file's: " + bare + "."
            : names.isEmpty()
                ? "There is none there at all; `assay tune FILE` makes one."
                : Nearest.suggest(name, names));
  }

  /// Reads it as it stands.
  <T extends @Nullable Object> T read(Function<StoredStudy, T> reader) {
    try (var study = open()) {
      return reader.apply(study);
    }
  }

  /// Opens it to read, for as long as whoever calls has use for it.
  StoredStudy open() {
    try (var storage = url.open()) {
      return storage.read(name).orElseThrow(() -> unknown(name, storage.names(), url.toString()));
    }
  }

  StudyView view() {
    return read(StudyView::of);
  }

  /// As far as a summary goes.
  StudyView sketch() {
    return read(StudyView::sketch);
  }

  /// As far as a line in a list goes.
  StudyView line() {
    return read(StudyView::line);
  }

  /// Changes it in its storage.
  void change(Consumer<Storage> change) {
    try (var storage = url.open()) {
      change.accept(storage);
    }
  }

  /// Those who have it open to run it, and live.
  List<Standing> standings() {
    return read(study -> Standing.living(study.runners(), study.facts()));
  }

  /// Its storage file; null where it is in none.
  @Nullable Path file() {
    return url instanceof StorageUrl.Sqlite(var path, _) ? path : null;
  }

  /// Where commands are left for those who run it; null where nobody would look.
  @Nullable Mailbox mailbox() {
    var file = file();
    if (file != null) {
      return Mailbox.beside(file, name);
    }
    // Not closed: it keeps nothing open, and the mailbox is used later.
    return url.open().letters(name).map(Mailbox::new).orElse(null);
  }

  /// Where its report belongs.
  Path report() {
    return switch (url) {
      case StorageUrl.Sqlite(var path, _) -> path.resolveSibling("report.html");
      case StorageUrl.Postgres _ -> StudyPlace.current().report(name);
      case StorageUrl.Memory _ -> Path.of("report.html");
    };
  }

  /// Where its external trials have their directories.
  Path trials() {
    var file = file();
    if (directory != null) {
      return directory.resolve("trials");
    }
    return file == null
        ? StudyPlace.current().trials(name)
        : file.resolveSibling("trials").resolve(StudyPlace.encoded(name));
  }
}
