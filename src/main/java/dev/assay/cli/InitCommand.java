package dev.assay.cli;

import dev.assay.internal.words.Written;
import dev.assay.problem.Problem;
import dev.assay.spec.NewStudyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Writes a commented sample study file.
@Command(name = "init", description = "Write a commented sample study file.")
final class InitCommand implements Callable<Integer> {
  /// How long a program may take to print its help: one that imports a large library first.
  private static final Duration HELP_LIMIT = Duration.ofSeconds(60);

  private final Console console;

  @Parameters(arity = "0..1", paramLabel = "FILE", defaultValue = "study.yaml")
  private Path file = Path.of("study.yaml");

  @Option(
      names = "--command",
      paramLabel = "PROGRAM",
      description = "read the options of a program of yours: train.py, 'python3 train.py'")
  private @Nullable String command;

  @Option(
      names = "--t1",
      paramLabel = "PROBLEM",
      description = "read a tuning problem of Kernel Tuner, KTT or BAT, in T1: gemm.json")
  private @Nullable Path problem;

  InitCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (Files.exists(file)) {
      throw new Problem(
          "The file exists already.", file.toString(), "Name another one, or remove it first.");
    }
    if (command != null && problem != null) {
      throw new Problem(
          "A program and a tuning problem are two studies.",
          "--command, --t1",
          "Leave out one of them.");
    }
    var text =
        problem != null
            ? NewStudyFile.ofTuningProblem(problem)
            : command == null ? sample() : ofProgram(command);
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new Problem(
          "The file cannot be written.", file + ": " + e, "Name one in a directory of yours.", e);
    }
    if (command != null) {
      console.line("Wrote " + file + ". Check its ranges, then try it:  assay try " + file);
      return ExitCode.DONE;
    }
    console.line("Wrote " + file + ". Run it:  assay tune " + file);
    return ExitCode.DONE;
  }

  private static String sample() throws IOException {
    try (var sample = InitCommand.class.getResourceAsStream("/dev/assay/spec/sample.yaml")) {
      return new String(
          Objects.requireNonNull(sample, "sample.yaml").readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String ofProgram(String said) {
    var words = new ArrayList<>(List.of(said.strip().split("\\s+")));
    if (words.getFirst().endsWith(".py")) {
      words.addFirst("python3");
    }
    if (words.getFirst().isEmpty()) {
      throw new Problem("The command is empty.", "--command ''", "Name a program: train.py.");
    }
    var options = new ProgramOptions(words, HELP_LIMIT).read();
    if (options.stream().noneMatch(OptionGuess::isSearched)) {
      throw new Problem(
          "None of the program's options can be searched.",
          String.join(", ", options.stream().map(ProgramOption::name).toList()),
          "Give one a number as its default, or a list of choices; or write the study file by"
              + " hand: assay init.");
    }
    var directory = file.toAbsolutePath().normalize().getParent();
    boolean here = Path.of("").toAbsolutePath().equals(directory);
    words.replaceAll(word ->
        !here && Files.exists(Path.of(word)) ? Path.of(word).toAbsolutePath().toString() : word);
    words.add("{args}");
    var lines = new ArrayList<String>();
    lines.add("# What is searched are the options of: " + said.strip());
    lines.add("# Check the ranges, then try it:  assay try FILE");
    lines.add("");
    lines.add("objective:");
    lines.add(
        "  command: " + Written.of(words) + "   # {args} becomes --name=value for each parameter");
    lines.add("  # value: {number: loss}   # the name behind which the program prints its result");
    lines.add("");
    lines.add("minimize: loss   # or maximize: accuracy; as the program reports it");
    lines.add("");
    lines.add("space:");
    options.forEach(option -> lines.add(OptionGuess.line(option)));
    lines.add("");
    lines.add("budget: {trials: 30}   # or time: 1h");
    lines.add("parallel: 1");
    lines.add("seed: 42");
    return String.join("\n", lines) + "\n";
  }
}
