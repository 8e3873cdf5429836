package dev.assay.cli;

import dev.assay.files.OwnerOnly;
import dev.assay.internal.storage.sql.StorageUrl;
import dev.assay.problem.Problem;
import dev.assay.run.control.Mailbox;
import dev.assay.run.control.StudyControl;
import dev.assay.space.Configuration;
import dev.assay.storage.Storage;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// Where a study that is run is kept.
///
/// @param report where its report goes; null for a study in memory
/// @param trials where its external trials get their directories
record StudyLocation(StorageUrl url, @Nullable Path report, Path trials) {
  /// @param url a storage URL; null: the study's own directory
  static StudyLocation of(String study, @Nullable String url) {
    StudyPlace.requireFitting(study);
    if (url == null) {
      var place = StudyPlace.current();
      return new StudyLocation(
          new StorageUrl.Sqlite(place.database(study), null),
          place.report(study),
          place.trials(study));
    }
    var parsed = StorageUrl.parse(url);
    var place = StudyPlace.current();
    return switch (parsed) {
      case StorageUrl.Sqlite(var path, _) ->
          new StudyLocation(
              parsed,
              path.resolveSibling("report.html"),
              path.resolveSibling("trials").resolve(StudyPlace.encoded(study)));
      case StorageUrl.Postgres _ ->
          new StudyLocation(parsed, place.report(study), place.trials(study));
      case StorageUrl.Memory _ -> new StudyLocation(parsed, null, place.trials(study));
    };
  }

  /// Whether processes of other machines may run the study as well.
  boolean isShared() {
    return url instanceof StorageUrl.Postgres;
  }

  /// Puts the trials' directories aside, with the study that they belong to.
  ///
  /// @param name the name that it has now
  void archiveTrials(String name) {
    if (!Files.isDirectory(trials)) {
      return;
    }
    try {
      Files.move(
          trials, trials.resolveSibling(trials.getFileName() + " of " + StudyPlace.encoded(name)));
    } catch (IOException e) {
      throw new Problem(
          "The old trials' directories cannot be put aside.",
          trials + ": " + e,
          "Move them away, then go on with the same command without --fresh.",
          e);
    }
  }

  /// Puts the study of that name aside, should there be one, with its trials' directories.
  void putAside(Storage storage, StudyBuilder<?> builder, String name, Console console) {
    if (!storage.names().contains(name)) {
      return;
    }
    builder.check(); // while the old study still stands where it was
    var archive = archive(name);
    storage.rename(name, archive);
    archiveTrials(archive);
    console.note("The old study is kept as \"" + archive + "\".");
  }

  /// The name under which a study is put aside now.
  static String archive(String name) {
    return name
        + " until "
        + LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss"));
  }

  /// Lets dashboards pause and stop a study that this thread runs; null where there is no place to
  /// leave commands at.
  @Nullable StudyControl control(Study<Configuration> study, Storage storage) {
    return control(study, storage, Thread.currentThread());
  }

  /// As above.
  ///
  /// @param storage of the study
  /// @param searching who is interrupted when the study is stopped
  @Nullable StudyControl control(Study<Configuration> study, Storage storage, Thread searching) {
    var mailbox =
        url instanceof StorageUrl.Sqlite(var path, _)
            ? Mailbox.beside(path, study.name())
            : storage.letters(study.name()).map(Mailbox::new).orElse(null);
    return mailbox == null ? null : StudyControl.start(study, mailbox, searching);
  }

  Storage open() {
    if (url instanceof StorageUrl.Sqlite(var path, _) && path.getParent() != null) {
      try {
        OwnerOnly.directories(path.getParent());
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
