package dev.assay.cli;

import dev.assay.exchange.StudyExport;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Takes a study to another tool.
@Command(
    name = "export",
    description = {
      "Take a study to another tool.",
      "",
      "  csv, json    the trials, on stdout or --to FILE",
      "  parquet      the trials with types, --to FILE: pandas, pyarrow, DuckDB, Spark",
      "  optuna       a SQLite storage, --to FILE: optuna.load_study(storage='sqlite:///FILE')",
      "  tensorboard  event files with HParams, --to DIRECTORY: tensorboard --logdir DIRECTORY",
      "  mlflow       a run for each trial, --to http://HOST:PORT",
      "  t4           results of a kernel in the format of the autotuning community",
      "  kernel_tuner a cache file of Kernel Tuner",
      "  header       the best configuration as macros of C, for each value of --by",
      "  wisdom       the same as JSON"
    },
    footer = {
      "",
      "Examples:",
      "  assay export digits-mlp --format csv > trials.csv",
      "  assay export digits-mlp --format optuna --to digits.db",
      "  assay export gemm --format header --by n --to gemm_parameters.h"
    })
final class ExportCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private StudyParameter study = new StudyParameter();

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description =
          "csv, json, parquet, optuna, tensorboard, mlflow, t4, kernel_tuner, header or wisdom")
  private String format = "";

  @Option(
      names = "--to",
      paramLabel = "TARGET",
      description = "a file that is not there yet, a directory, or a server's address")
  private @Nullable String target;

  @Option(
      names = "--by",
      split = ",",
      paramLabel = "PARAMETER",
      description = "of header and wisdom: the best for each of its values, such as a size")
  private List<String> by = new ArrayList<>();

  ExportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (!StudyExport.FORMATS.contains(format)) {
      throw new Problem(
          "There is no such format.",
          "--format " + format,
          Nearest.suggest(format, StudyExport.FORMATS));
    }
    boolean isText = StudyExport.TEXTS.contains(format);
    if (!by.isEmpty() && !format.equals("header") && !format.equals("wisdom")) {
      throw new Problem(
          "Only a header and wisdom have parameters that are given.",
          "--by " + String.join(",", by),
          "Leave out --by, or write --format header.");
    }
    if (target == null && !isText) {
      throw new Problem(
          "This format is not written to stdout.",
          "--format " + format,
          "Say where to: --to "
              + switch (format) {
                case "mlflow" -> "http://localhost:5000";
                case "tensorboard" -> "runs";
                case String file -> file.equals("optuna") ? "study.db" : "trials.parquet";
              }
              + ".");
    }
    var to = target;
    boolean isStreamed = StudyExport.isStreamed(format);
    if (to == null && isStreamed) {
      console.whole(out -> study.find().read(stored -> StudyExport.write(stored, format, out)));
      return ExitCode.DONE;
    }
    if (to == null) {
      console.text(StudyExport.text(study.find().view(), format, by));
      return ExitCode.DONE;
    }
    int trials =
        isStreamed
            ? study.find().read(stored -> StudyExport.write(stored, format, to))
            : StudyExport.write(study.find().view(), format, to, by);
    console.note("Wrote " + trials + (trials == 1 ? " trial to " : " trials to ") + target + ".");
    return ExitCode.DONE;
  }
}
