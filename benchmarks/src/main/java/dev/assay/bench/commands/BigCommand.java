package dev.assay.bench.commands;

import dev.assay.bench.Destination;
import dev.assay.bench.Limits;
import dev.assay.bench.Measurement;
import dev.assay.problem.Problem;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `assay bench big`: what reading large studies takes, command by command: time, processor time,
/// peak memory, and what was written. Each study is written anew first, in a temporary directory
/// (-Djava.io.tmpdir in ASSAY_JAVA_OPTIONS chooses the disk).
@Command(name = "big", description = "Reading studies of up to millions of trials.")
public final class BigCommand implements Callable<Integer> {
  private static final String STUDY = "big";
  private static final List<String> KNOWN =
      List.of("list", "best", "show", "top", "csv", "importance", "report", "dashboard");

  @Option(
      names = "--sizes",
      split = ",",
      paramLabel = "TRIALSxPARAMETERS",
      description = "1000x10,100000x10 when left out; 1000000x10 takes minutes")
  private List<String> sizes = List.of("1000x10", "100000x10");

  @Option(
      names = "--commands",
      split = ",",
      paramLabel = "COMMAND",
      description = "of list, best, show, top, csv, importance, report, dashboard; all of them")
  private List<String> commands = KNOWN;

  @Option(names = "--runs", description = "of each command, after one to warm up (3)")
  private int runs = 3;

  @Option(
      names = "--peers",
      description = "measure Optuna's list, best and trials too (csv: as JSON)")
  private boolean peers;

  @Mixin private final Destination destination = new Destination();

  @Override
  public Integer call() throws Exception {
    Limits.atLeast(1, "--runs", runs);
    for (var command : commands) {
      if (!KNOWN.contains(command)) {
        throw new Problem(
            "There is no such command to measure.",
            "--commands " + command,
            "Take some of " + String.join(", ", KNOWN) + ".");
      }
    }
    var all = new ArrayList<Measurement>();
    for (var size : sizes) {
      all.addAll(measure(size));
    }
    destination.write("big", all);
    return 0;
  }

  private List<Measurement> measure(String size) throws Exception {
    if (!size.matches("[1-9][0-9]{0,8}x[1-9][0-9]{0,4}")) {
      throw new Problem("A size is trials, x, parameters.", "--sizes " + size, "Write 100000x10.");
    }
    var words = size.split("x", 2);
    var launched = Launched.of(Files.createTempDirectory("assay-big"));
    try {
      var parameters = new LinkedHashMap<String, String>();
      parameters.put("trials", words[0]);
      parameters.put("parameters", words[1]);
      var file = launched.studies().resolve(STUDY).resolve("study.db");
      new BigStudy(STUDY, Integer.parseInt(words[0]), Integer.parseInt(words[1])).write(file);
      parameters.put("database", Long.toString(Files.size(file)));
      var optuna =
          peers
              ? OptunaCommands.of(
                  launched, Integer.parseInt(words[0]), Integer.parseInt(words[1]), runs)
              : null;
      var all = new ArrayList<Measurement>();
      for (var command : commands) {
        var measured = measure(command, launched, parameters);
        all.addAll(optuna == null ? measured : beside(optuna, command, measured));
      }
      return all;
    } finally {
      launched.remove();
    }
  }

  private List<Measurement> measure(
      String command, Launched launched, Map<String, String> parameters) throws Exception {
    var name = "big." + command;
    return switch (command) {
      case "list" -> launched.measure(name, parameters, 1, runs, "list");
      case "top" -> launched.measure(name, parameters, 1, runs, "trials", STUDY, "--top", "10");
      case "csv" -> launched.measure(name, parameters, 1, runs, "trials", STUDY, "--format", "csv");
      case "report" -> {
        var page = launched.studies().resolve(STUDY).resolve("report.html");
        var all = new ArrayList<>(launched.measure(name, parameters, 0, runs, "report", STUDY));
        all.add(
            Launched.said(
                Measurement.ofRepeats(
                    name + ".page",
                    parameters,
                    "MiB",
                    new double[] {Files.size(page) * 0x1p-20},
                    null)));
        yield all;
      }
      case "dashboard" -> new DashboardRun(launched, STUDY).measure(name, parameters, runs);
      default -> launched.measure(name, parameters, 1, runs, command, STUDY);
    };
  }

  private static List<Measurement> beside(
      OptunaCommands optuna, String command, List<Measurement> measured) {
    return switch (command) {
      case "list" -> optuna.beside(measured, "studies");
      case "best" -> optuna.beside(measured, "best-trial", "--study-name", STUDY);
      case "csv" -> optuna.beside(measured, "trials", "--study-name", STUDY, "--format", "json");
      default -> measured; // Optuna has no such command
    };
  }
}
