package dev.assay.exchange;

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
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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

  /// Bytes that go into a text file at once.
  private static final int BUFFER = 1 << 16;

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
      case "optuna" -> file(Path.of(target), path -> OptunaFile.write(Exported.of(view), path));
      case "parquet" -> {
        return parquet(Exported.of(view), target);
      }
      case String text ->
          file(
              Path.of(target),
              path -> Files.writeString(path, text(view, text, by), StandardCharsets.UTF_8));
    }
    return view.trials().size();
  }

  /// Those that are written as trials are read, of which few are in memory.
  private static final List<String> STREAMED = List.of("csv", "json", "optuna", "parquet");

  /// Whether a stored study is written in this format as it is read: [#write(StoredStudy, String,
  /// String)].
  public static boolean isStreamed(String format) {
    return STREAMED.contains(format);
  }

  /// Writes a stored study, trials as they are read, of which few are in memory. As Parquet a study
  /// that goes on meanwhile is written as it was when this began.
  ///
  /// @param format one for which [#isStreamed(String)] holds
  /// @param target a file that is not there yet
  /// @return how many trials were written
  /// @throws Problem when the target exists, or cannot be written
  public static int write(StoredStudy study, String format, String target) {
    if (format.equals("parquet")) {
      return parquet(Exported.of(study), target);
    }
    int[] count = {0};
    file(
        Path.of(target),
        path -> {
          if (format.equals("optuna")) {
            count[0] = OptunaFile.write(Exported.of(study), path);
          } else {
            try (var out = new FileText(Files.newOutputStream(path))) {
              count[0] = write(study, format, out);
              out.requireWhole();
            }
          }
        });
    return count[0];
  }

  /// Writes a stored study as `csv` or `json` to a stream, which stays open; ends early where
  /// nobody reads it.
  ///
  /// @return how many trials were written
  public static int write(StoredStudy study, String format, PrintStream out) {
    if (format.equals("csv")) {
      return CsvExport.write(study, out);
    }
    var layout = ForeignJson.MAPPER.writerWithDefaultPrettyPrinter();
    int count = TrialsDocument.write(study, layout, out);
    out.print("\n");
    out.flush();
    return count;
  }

  /// A stream into a file that tells why it could not be written.
  private static final class FileText extends PrintStream {
    private final Remembering file;

    FileText(OutputStream out) {
      this(new Remembering(out));
    }

    private FileText(Remembering file) {
      super(file, false, StandardCharsets.UTF_8);
      this.file = file;
    }

    void requireWhole() throws IOException {
      flush();
      if (file.failure != null) {
        throw file.failure;
      }
    }
  }

  private static final class Remembering extends FilterOutputStream {
    private @Nullable IOException failure;

    Remembering(OutputStream out) {
      super(new BufferedOutputStream(out, BUFFER));
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      try {
        out.write(bytes, from, count);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        out.flush();
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }

  private static int parquet(Exported study, String target) {
    var columns = new TrialColumns(study.space(), study.objectives());
    var trials = study.trials();
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
    Exported.Trials seen =
        reader -> trials.each(t -> reader.test(open.getOrDefault(t.number(), t)));
    file(Path.of(target), path -> parquet(columns.columns(), seen, count[0], path));
    return count[0];
  }

  /// @param most trials: what was begun since has had no part in the types
  private static void parquet(
      List<ParquetFile.Column<TrialRecord>> columns, Exported.Trials trials, int most, Path path)
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

  private static Problem exists(Path target, @Nullable Exception cause) {
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
