package dev.assay.run.command;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.process.Interpreter;
import dev.assay.process.OwnSession;
import dev.assay.run.gpu.GpuResources;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Objective;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Refuses what cannot work of a command, before the first trial.
///
/// @param startedIn where programs are started
record CommandCheck(
    CommandSettings settings,
    ProgramEnvironment environment,
    List<Objective> objectives,
    List<String> bounded,
    Path startedIn,
    GpuResources resources) {
  /// @param here whether trials run on this machine
  /// @throws Problem for an unknown placeholder, no such directory, no such program
  void of(SearchSpace space, boolean here) {
    CommandTemplate.check(settings.words(), space);
    environment.check(space);
    checkMetrics();
    if (settings.gpus().any()) {
      checkGpus(space, here);
    }
    if (!Files.isDirectory(startedIn)) {
      throw new Problem(
          "There is no such directory to start the program in.",
          startedIn.toString(),
          "Correct cwd; it is relative to the study file.");
    }
    checkProgram(settings.words().getFirst());
  }

  private void checkProgram(String program) {
    if (program.contains("{")) {
      return; // each trial has its own
    }
    var found =
        program.contains("/")
            ? startedIn.resolve(program).toString()
            : OwnSession.find(program, environment.unfilled());
    if (found == null || !Files.isExecutable(Path.of(found))) {
      throw new Problem(
          "There is no such program.",
          program,
          program.contains("/")
              ? "Check the path, relative to " + startedIn + ", and that it is executable."
              : "Install it, or write its path; a script of your own starts with ./");
    }
    var missing = Interpreter.missing(startedIn.resolve(found), environment.unfilled(), startedIn);
    if (missing != null) {
      throw new Problem(
          "The program cannot be started.",
          missing + ".",
          "Mend its first line, install what it asks for, or name the interpreter in the command:"
              + " [python3, train.py].");
    }
  }

  private void checkGpus(SearchSpace space, boolean here) {
    var parameter = settings.gpus().parameter();
    var names = space.parameters().stream().map(p -> p.name()).toList();
    if (parameter != null && !names.contains(parameter)) {
      throw new Problem(
          "The parameter that decides on GPUs is unknown.",
          "gpus." + parameter,
          Nearest.suggest(parameter, names));
    }
    if (here) {
      try (var table = resources.open()) {
        table.check(settings.gpus());
      }
    }
  }

  private void checkMetrics() {
    var metrics = objectives.stream().map(Objective::metric).toList();
    for (var metric : settings.values().keySet()) {
      if (metric.equals(CommandSettings.ONLY) && metrics.size() > 1) {
        throw new Problem(
            "The study has several objectives: which one is this the value of?",
            "value",
            "Write value: {"
                + metrics.getFirst()
                + ": {regex: ...}, "
                + metrics.get(1)
                + ": ...}.");
      }
      if (!metric.equals(CommandSettings.ONLY)
          && !metrics.contains(metric)
          && !bounded.contains(metric)) {
        var known = Stream.concat(metrics.stream(), bounded.stream()).distinct().toList();
        throw new Problem(
            "The value is of no objective.", "value." + metric, Nearest.suggest(metric, known));
      }
    }
  }
}
