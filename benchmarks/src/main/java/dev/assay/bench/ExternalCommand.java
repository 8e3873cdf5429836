package dev.assay.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.problem.Problem;
import dev.assay.run.command.CommandRunner;
import dev.assay.run.command.CommandSettings;
import dev.assay.run.command.TrialWatcher;
import dev.assay.run.gpu.GpuResources;
import dev.assay.sampler.Samplers;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.TrialState;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `assay bench external`: what an external trial costs beyond starting its program. Rounds of
/// trials that run `echo`, stored in SQLite, alternate with rounds that only start the same program
/// and wait for its end, on as many threads. The figure is the difference of the two walls for each
/// trial, the opening of the study not counted; the first round, in which nothing is compiled yet,
/// is given apart.
@Command(name = "external", description = "External trials that do nothing.")
final class ExternalCommand implements Callable<Integer> {
  private static final List<String> PROGRAM = List.of("/bin/echo", "@assay {\"loss\": 1}");

  @Option(names = "--trials", description = "in each round; ${DEFAULT-VALUE}")
  private int trials = 200;

  @Option(names = "--parallel", description = "trials at once; ${DEFAULT-VALUE}")
  private int parallel = 8;

  @Option(names = "--rounds", description = "of each kind, the first not warm; ${DEFAULT-VALUE}")
  private int rounds = 7;

  @Mixin private Destination destination = new Destination();

  /// Milliseconds for each trial of a round.
  ///
  /// @param processor of this process, what it started not included
  private record Round(double wall, double processor) {}

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    Limits.atLeast(1, "--trials", trials);
    Limits.atLeast(1, "--parallel", parallel);
    Limits.atLeast(2, "--rounds", rounds);
    var started = new ArrayList<Round>();
    var run = new ArrayList<Round>();
    var directory = Files.createTempDirectory("assay-external");
    try {
      for (int i = 0; i < rounds; i++) {
        started.add(timed(this::start));
        run.add(search(directory.resolve(Integer.toString(i))));
      }
    } finally {
      remove(directory);
    }
    var measurements =
        List.of(
            measurement("external.first", started.subList(0, 1), run.subList(0, 1)),
            measurement("external.trial", started.subList(1, rounds), run.subList(1, rounds)));
    for (var measurement : measurements) {
      System.out.printf(
          Locale.ROOT,
          "%s: %.2f ms a trial beyond fork and exec (%s)%n",
          measurement.benchmark(),
          measurement.score(),
          measurement.parameters());
    }
    destination.write("external", measurements);
    return 0;
  }

  private static void remove(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private Round timed(Callable<?> round) {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long processor = system.getProcessCpuTime();
    long start = System.nanoTime();
    try {
      round.call();
    } catch (Exception e) {
      throw new Problem("A round failed.", String.valueOf(e), "See the log.", e);
    }
    return new Round(
        (System.nanoTime() - start) * 1e-6 / trials,
        (system.getProcessCpuTime() - processor) * 1e-6 / trials);
  }

  /// Only starts the program, as often and as many at once.
  private Integer start() throws InterruptedException, ExecutionException {
    try (var threads = Executors.newFixedThreadPool(parallel)) {
      var tasks = new ArrayList<Callable<Integer>>();
      for (int i = 0; i < trials; i++) {
        tasks.add(() -> {
          var process =
              new ProcessBuilder(PROGRAM)
                  .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                  .redirectErrorStream(true)
                  .start();
          process.getInputStream().readAllBytes();
          return process.waitFor();
        });
      }
      for (var task : threads.invokeAll(tasks)) {
        if (task.get() != 0) {
          throw new IllegalStateException(PROGRAM + " ended with " + task.get());
        }
      }
      return trials;
    }
  }

  private Round search(Path directory) {
    try (var storage = new SqliteStorage(directory.resolve("study.db"));
        var study =
            Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
                .minimize("loss")
                .sampler(Samplers.random())
                .storage(storage)
                .open()) {
      var runner =
          new CommandRunner(
              CommandSettings.of(PROGRAM.toArray(String[]::new)),
              study.objectives(),
              directory,
              directory.resolve("trials"),
              CommandRunner.Keep.ALL,
              GpuResources.UNSAID,
              TrialWatcher.NONE);
      var round = timed(() -> runner.run(study, Budget.trials(trials), parallel));
      if (study.count(TrialState.COMPLETE) != trials) {
        throw new IllegalStateException(study.count(TrialState.COMPLETE) + " trials completed");
      }
      return round;
    }
  }

  private Measurement measurement(String name, List<Round> started, List<Round> run) {
    var sorted = new double[run.size()];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = run.get(i).wall() - started.get(i).wall();
    }
    java.util.Arrays.sort(sorted);
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("trials", String.valueOf(trials));
    parameters.put("parallel", String.valueOf(parallel));
    parameters.put("wall", millis(run.stream().mapToDouble(Round::wall).average().orElse(0)));
    parameters.put(
        "fork.and.exec", millis(started.stream().mapToDouble(Round::wall).average().orElse(0)));
    parameters.put(
        "processor", millis(run.stream().mapToDouble(Round::processor).average().orElse(0)));
    parameters.put(
        "fork.and.exec.processor",
        millis(started.stream().mapToDouble(Round::processor).average().orElse(0)));
    return new Measurement(
        name,
        parameters,
        java.util.Arrays.stream(sorted).average().orElse(0),
        null,
        "ms/op",
        sorted[sorted.length / 2],
        sorted[sorted.length - 1],
        null,
        null);
  }

  private static String millis(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
