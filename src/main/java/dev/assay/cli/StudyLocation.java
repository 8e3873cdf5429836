package dev.assay.cli;

import dev.assay.problem.Problem;
import dev.assay.storage.StorageUrl;
import dev.assay.study.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a study that is run is kept.
///
/// @param report where its report goes; null for a study in memory
record StudyLocation(StorageUrl url, @Nullable Path report) {
  /// @param url a storage URL; null: the study's own directory
  static StudyLocation of(String study, @Nullable String url) {
    if (url == null) {
      var place = StudyPlace.current();
      return new StudyLocation(
          new StorageUrl.Sqlite(place.database(study), null), place.report(study));
    }
    var parsed = StorageUrl.parse(url);
    return new StudyLocation(
        parsed,
        parsed instanceof StorageUrl.Sqlite(var path, _)
            ? path.resolveSibling("report.html")
            : null);
  }

  Storage open() {
    if (url instanceof StorageUrl.Sqlite(var path, _) && path.getParent() != null) {
      try {
        Files.createDirectories(path.getParent());
      } catch (IOException e) {
        throw new Problem(
            "The study's directory cannot be made.",
            path.getParent() + ": " + e,
            "Work in a directory of yours, or set ASSAY_STUDIES to one.",
            e);
      }
    }
    return url.open();
  }
}
