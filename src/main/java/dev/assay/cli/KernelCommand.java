package dev.assay.cli;

import dev.assay.exchange.StudyExport;
import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Makes the best configuration of a kernel usable by programs.
@Command(
    name = "kernel",
    description = {
      "Take the best configuration of a kernel to programs.",
      "",
      "  header  macros of C, to be included where the kernel is compiled",
      "  wisdom  JSON, for programs that choose while they run",
      "",
      "Where the study has a context (a size, a device), or --by names parameters, "
          + "it is the best for each of their values."
    },
    footer = {
      "",
      "Examples:",
      "  assay kernel export gemm --to gemm_parameters.h",
      "  assay kernel export gemm --format wisdom --to gemm.json"
    })
final class KernelCommand implements Callable<Integer> {
  private static final String EXPORT = "export";
  private static final List<String> FORMATS = List.of("header", "wisdom");

  private final Console console;

  @Parameters(index = "0", paramLabel = "WHAT", description = "export")
  private String what = "";

  @Parameters(
      index = "1",
      paramLabel = "STUDY",
      description = "a study's name, sqlite:PATH#NAME or postgresql://USER@HOST/DB#NAME")
  private String study = "";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "header",
      description = "header or wisdom")
  private String format = "header";

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "a file that is not there yet; without it stdout")
  private @Nullable String target;

  @Option(
      names = "--by",
      split = ",",
      paramLabel = "PARAMETER",
      description = "the best for each of its values, such as a size")
  private List<String> by = new ArrayList<>();

  KernelCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (!what.equals(EXPORT)) {
      throw new Problem(
          "There is no such command for kernels.", what, "Write assay kernel export STUDY.");
    }
    if (!FORMATS.contains(format)) {
      throw new Problem(
          "There is no such format for a kernel's best configuration.",
          "--format " + format,
          StudyExport.FORMATS.contains(format)
              ? "Write header or wisdom; assay export STUDY --format " + format + " has all trials."
              : Nearest.suggest(format, FORMATS));
    }
    var view = new StudyParameter(study).find().view();
    if (target == null) {
      console.text(StudyExport.text(view, format, by));
    } else {
      StudyExport.write(view, format, target, by);
      console.note("Wrote " + target + ".");
    }
    return ExitCode.DONE;
  }
}
