package dev.assay.cli;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Writes a commented sample study file.
@Command(name = "init", description = "Write a commented sample study file.")
final class InitCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(arity = "0..1", paramLabel = "FILE", defaultValue = "study.yaml")
  private Path file = Path.of("study.yaml");

  InitCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (Files.exists(file)) {
      throw new Problem(
          "The file exists already.", file.toString(), "Name another one, or remove it first.");
    }
    try (var sample = InitCommand.class.getResourceAsStream("/dev/assay/spec/sample.yaml")) {
      Files.copy(java.util.Objects.requireNonNull(sample, "sample.yaml"), file);
    } catch (IOException e) {
      throw new Problem(
          "The file cannot be written.", file + ": " + e, "Name one in a directory of yours.", e);
    }
    console.line("Wrote " + file + ". Run it:  assay tune " + file);
    return ExitCode.DONE;
  }
}
