package dev.assay.exchange;

import dev.assay.internal.storage.StudyFacts;
import dev.assay.internal.words.Passwords;
import dev.assay.problem.Problem;
import dev.assay.report.CsvExport;
import dev.assay.report.StudyView;
import dev.assay.report.TrialsDocument;
import dev.assay.storage.StoredStudy;
import dev.assay.track.Mlflow;
import dev.assay.track.ServerAddress;
import dev.assay.track.TensorBoard;
import dev.assay.track.TrackedStudy;
import dev.assay.track.Tracker;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/// Takes a study to other tools.
public final class StudyExport {
  /// The formats, by name.
  public static final List<String> FORMATS =
      List.of(
          "csv",
          "json",
          "parquet",
          "optuna",
          "mlflow",
          "tensorboard",
          "t4",
          "kernel_tuner",
          "header",
          "wisdom");

  /// Those that are text.
  public static final List<String> TEXTS =
      List.of("csv", "json", "t4", "kernel_tuner", "header", "wisdom");

  /// Trials of a group of rows in a Parquet file.
  private static final int GROUP = 1 << 14;

  private StudyExport() {}

  /// What writes a file that is not there yet.
  private interface Writing {
    void to(Path path) throws IOException;
  }

  /// The study as text.
  ///
  /// @param format one of [#TEXTS]
  /// @param by of `header` and `wisdom`: parameters for each of whose values the best is wanted
  public static String text(StudyView view, String format, List<String> by) {
    return switch (format) {
      case "json" -> json(TrialsDocument.of(view));
      case "t4" -> json(KernelResults.t4(view));
      case "kernel_tuner" -> json(KernelResults.cache(view));
      case "header" -> KernelResults.header(view, by);
      case "wisdom" -> json(KernelResults.wisdom(view, by));
      case String _ -> csv(view);
    };
  }

  /// As [#text(StudyView, String, List)], with nothing given.
  public static String text(StudyView view, String format) {
    return text(view, format, List.of());
  }

  /// As [#write(StudyView, String, String, List)], with nothing given.
  public static int write(StudyView view, String format, String target) {
    return write(view, format, target, List.of());
  }

  private static String json(Object document) {
    return ForeignJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
  }

  private static String csv(StudyView view) {
    var csv = new StringBuilder();
    try {
      CsvExport.write(view, csv);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return csv.toString();
  }

  /// Writes a study.
  ///
  /// @param format one of [#FORMATS]
  /// @param target a file that is not there yet; the directory of `tensorboard`, the address of
  ///   `mlflow`'s server
  /// @param by as in [#text]
  /// @return how many trials were written: trackers get those that they have not got yet
  /// @throws Problem when the target exists, or cannot be written
  public static int write(StudyView view, String format, String target, List<String> by) {
    switch (format) {
      case "tensorboard" -> {
        return log(view, new TensorBoard(Path.of(target)));
      }
      case "mlflow" -> {
        var fault = ServerAddress.fault(target);
        if (fault != null) {
          throw new Problem(fault.what(), Passwords.masked(target), fault.mend());
        }
        return log(view, new Mlflow(ServerAddress.of(target)));
      }
      case "optuna" -> file(Path.of(target), path -> OptunaFile.write(view, path));
      case "parquet" -> {
        var columns = new TrialColumns(view.space(), view.objectives());
        return parquet(
            columns,
            reader -> {
              boolean _ = view.trials().stream().allMatch(reader);
            },
            target);
      }
      case String text ->
          file(
              Path.of(target),
              path -> Files.writeString(path, text(view, text, by), StandardCharsets.UTF_8));
    }
    return view.trials().size();
  }

  /// Writes a stored study as Parquet, trials as they are read, of which few are in memory. A study
  /// that goes on meanwhile is written as it was when this began.
  ///
  /// @param target a file that is not there yet
  /// @return how many trials were written
  /// @throws Problem when the target exists, or cannot be written
  public static int parquet(StoredStudy study, String target) {
    var space = StudyFacts.space(study.definition(), study.facts());
    var columns = new TrialColumns(space, study.definition().objectives());
    return parquet(columns, reader -> study.each(space, reader), target);
  }

  /// Trials one after the other, for as long as the answer is true; the same ones again each time,
  /// and perhaps more.
  private interface Trials {
    void each(Predicate<TrialRecord> reader);
  }

  private static int parquet(TrialColumns columns, Trials trials, String target) {
    int[] count = {0};
    // Those that may be others by the second look, at which the types are settled.
    var open = new HashMap<Integer, TrialRecord>();
    trials.each(trial -> {
      columns.look(trial);
      count[0]++;
      if (!trial.state().isFinished()) {
        open.put(trial.number(), trial);
      }
      return true;
    });
    Trials seen = reader -> trials.each(t -> reader.test(open.getOrDefault(t.number(), t)));
    file(Path.of(target), path -> parquet(columns.columns(), seen, count[0], path));
    return count[0];
  }

  /// @param most trials: what was begun since has had no part in the types
  private static void parquet(
      List<ParquetFile.Column<TrialRecord>> columns, Trials trials, int most, Path path)
      throws IOException {
    try (var out = new BufferedOutputStream(Files.newOutputStream(path))) {
      var file = new ParquetFile<>(columns, out);
      var group = new ArrayList<TrialRecord>();
      int[] left = {most};
      trials.each(trial -> {
        if (left[0]-- > 0) {
          group.add(trial);
        }
        if (group.size() == GROUP) {
          flush(file, group);
        }
        return left[0] > 0;
      });
      if (!group.isEmpty() || most == 0) {
        flush(file, group);
      }
      file.end();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void flush(ParquetFile<TrialRecord> file, List<TrialRecord> group) {
    try {
      file.group(group);
      group.clear();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes beside the target, which is there only when it is whole.
  private static void file(Path target, Writing writing) {
    if (Files.exists(target)) {
      throw exists(target, null);
    }
    var name = target.getFileName();
    if (name == null) {
      throw exists(target, null);
    }
    var unfinished = target.resolveSibling(name + ".unfinished-" + ProcessHandle.current().pid());
    try {
      writing.to(unfinished);
      try {
        Files.move(unfinished, target); // not in place of one that came meanwhile
      } catch (FileAlreadyExistsException e) {
        throw exists(target, e);
      }
    } catch (IOException e) {
      throw new Problem(
          "The export cannot be written.",
          target + ": " + e,
          "Make room, or name a file in a directory of yours.",
          e);
    } finally {
      remove(unfinished);
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }

  private static Problem exists(Path target, @org.jspecify.annotations.Nullable Exception cause) {
    return new Problem(
        "The file exists already.",
        target.toString(),
        "Name another one, or remove it first.",
        cause);
  }

  private static int log(StudyView view, Tracker tracker) {
    // The same id each time: what was exported before is not exported again.
    var identity = view.name() + "\n" + ForeignJson.write(view.definition().content());
    var id = UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)).toString();
    int written = 0;
    try (tracker) {
      var known = tracker.open(new TrackedStudy(view.name(), id, view.space(), view.objectives()));
      for (var trial : view.trials()) {
        if (trial.state().isFinished() && !known.contains(trial.number())) {
          tracker.ended(trial);
          written++;
        }
      }
    } catch (IOException e) {
      throw new Problem(
          "The export did not come to its end.",
          tracker.place()
              + ", after "
              + written
              + " trials of "
              + view.trials().stream().map(t -> t.state()).filter(TrialState::isFinished).count()
              + ": "
              + e.getMessage(),
          "Mend that, then repeat the command: what is there already is not written again.",
          e);
    }
    return written;
  }
}
