package dev.assay.cli;

import dev.assay.problem.Nearest;
import dev.assay.problem.Problem;
import dev.assay.report.StudyView;
import dev.assay.storage.StorageUrl;
import dev.assay.study.Storage;
import dev.assay.study.StoredStudy;
import java.nio.file.Files;
import java.nio.file.Path;

/// STUDY on the command line: a study's name, or a storage URL.
///
/// @param report where its report belongs
record StudyArgument(StudyView view, Path report) {
  /// Reads the study, without disturbing whoever runs it.
  ///
  /// @throws Problem when there is none, with the nearest names
  static StudyArgument read(String argument) {
    if (StorageUrl.isUrl(argument)) {
      return fromUrl(StorageUrl.parse(argument));
    }
    var place = StudyPlace.current();
    if (!Files.exists(place.database(argument))) {
      throw unknown(argument, place.names(), place.root().toString());
    }
    var url = new StorageUrl.Sqlite(place.database(argument), argument);
    return new StudyArgument(view(url, argument), place.report(argument));
  }

  /// The stored study that an argument names.
  ///
  /// @param directory what a relative path in a URL is relative to
  static StoredStudy open(String argument, Path directory) {
    StorageUrl url;
    if (StorageUrl.isUrl(argument)) {
      var parsed = StorageUrl.parse(argument);
      url =
          parsed instanceof StorageUrl.Sqlite(var path, var study)
              ? new StorageUrl.Sqlite(directory.resolve(path), study)
              : parsed;
    } else {
      var place = StudyPlace.current();
      if (!Files.exists(place.database(argument))) {
        throw unknown(argument, place.names(), place.root().toString());
      }
      url = new StorageUrl.Sqlite(place.database(argument), argument);
    }
    try (var storage = url.open()) {
      var study = url.study();
      var name = study == null ? only(storage, url) : study;
      return storage.read(name).orElseThrow(() -> unknown(name, storage.names(), url.toString()));
    }
  }

  private static StudyArgument fromUrl(StorageUrl url) {
    var name = url.study();
    if (name == null) {
      try (var storage = url.open()) {
        name = only(storage, url);
      }
    }
    var report = Path.of("report.html");
    return new StudyArgument(
        view(url, name),
        url instanceof StorageUrl.Sqlite(var path, _) ? path.resolveSibling(report) : report);
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

  private static StudyView view(StorageUrl url, String name) {
    try (var storage = url.open();
        var study =
            storage.read(name).orElseThrow(() -> unknown(name, storage.names(), url.toString()))) {
      return StudyView.of(study);
    }
  }

  private static Problem unknown(String name, java.util.List<String> names, String where) {
    return new Problem(
        "There is no such study.",
        name + " in " + where,
        names.isEmpty()
            ? "There is none there at all; `assay tune FILE` makes one."
            : Nearest.suggest(name, names));
  }
}
