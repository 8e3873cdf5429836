package dev.assay.bench;

import dev.assay.bench.quality.QualityCommand;
import dev.assay.device.Backend;
import dev.assay.device.BackendSelector;
import dev.assay.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `assay bench`: runs suites in forked JVMs and writes what they measured.
@Command(
    name = "assay bench",
    mixinStandardHelpOptions = true,
    subcommands = {
      QualityCommand.class,
      PruningCommand.class,
      ServingCommand.class,
      ExternalCommand.class
    },
    description = "Measure what the search costs and how fast trials are.")
public final class Main implements Callable<Integer> {
  @Parameters(
      paramLabel = "SUITE",
      description = "loop, suggest, large, gp, storage, train, importance; all but large and gp when none is"
              + " named")
  private List<String> suites = new ArrayList<>();

  @Option(names = "--quick", description = "one fork and short measurements, ten of them")
  private boolean quick;

  @Option(
      names = "--backend",
      defaultValue = "cpu",
      description = "what the suite gp computes on: cpu or cuda")
  private String backend = "cpu";

  @Option(names = "--out", paramLabel = "DIR", description = "where results go")
  private Path out = Path.of("results");

  private Main() {}

  public static void main(String[] args) {
    var commandLine = new CommandLine(new Main());
    commandLine.setExecutionExceptionHandler((exception, _, _) -> {
      if (!(exception instanceof Problem problem)) {
        throw exception;
      }
      System.err.println("error: " + problem.what());
      System.err.println("  " + problem.value());
      System.err.println("  " + problem.mend());
      return 2;
    });
    System.exit(commandLine.execute(args));
  }

  @Override
  public Integer call() throws RunnerException {
    var device = proven();
    var measurements = new ArrayList<Measurement>();
    for (var suite : Suite.named(suites)) {
      var results = new Runner(options(suite).build()).run();
      results.forEach(result -> measurements.addAll(Measurement.of(result)));
    }
    if (suites.contains(Suite.GP.key())) {
      device.timings(quick).forEach(timing -> measurements.add(Measurement.of(timing)));
    }
    var file = ResultsFile.write(out, measurements, quick);
    print(measurements);
    System.out.println();
    System.out.println("Wrote " + file);
    return 0;
  }

  /// The back end, after its calculations were checked: a wrong answer is not timed.
  private Backend proven() {
    var device = new BackendSelector().choose(backend);
    if (!backend.equals("cpu")) {
      for (var check : device.selfCheck()) {
        if (!check.passed()) {
          throw new Problem(
              "The back end calculates wrongly, and is not measured.",
              check.name() + ": error " + check.error() + " of " + check.tolerance(),
              "Report it with what `assay doctor --backend " + backend + "` prints.");
        }
      }
    }
    return device;
  }

  private ChainedOptionsBuilder options(Suite suite) {
    var options =
        new OptionsBuilder()
            .include(suite.pattern())
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .jvmArgsAppend(suite.jvmArguments());
    if (suite == Suite.LARGE) { // few shots that take seconds each, whatever is asked for
      return options.forks(1);
    }
    if (suite == Suite.GP) {
      options = options.param("backend", backend);
      options = quick ? options.param("n", "100").param("effort", "quick") : options;
    }
    return quick
        ? options
            .forks(1)
            .warmupIterations(5)
            .warmupTime(TimeValue.milliseconds(300))
            .measurementIterations(10)
            .measurementTime(TimeValue.milliseconds(300))
        : options.forks(2);
  }

  private static void print(List<Measurement> measurements) {
    System.out.println();
    System.out.println("| benchmark | parameters | score | ± | unit | p50 | p99 | bytes/op |");
    System.out.println("|---|---|---:|---:|---|---:|---:|---:|");
    for (var m : measurements) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %.4g | %s | %s | %.4g | %.4g | %s |%n",
          m.benchmark(),
          String.join(", ", m.parameters().entrySet().stream().map(Object::toString).toList()),
          m.score(),
          m.error() == null ? "" : String.format(Locale.ROOT, "%.2g", m.error()),
          m.unit(),
          m.p50(),
          m.p99(),
          m.bytesPerOperation() == null
              ? ""
              : String.format(Locale.ROOT, "%.0f", m.bytesPerOperation()));
    }
  }
}
