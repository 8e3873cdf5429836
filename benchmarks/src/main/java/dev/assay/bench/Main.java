package dev.assay.bench;

import dev.assay.bench.commands.BigCommand;
import dev.assay.bench.commands.StartCommand;
import dev.assay.bench.costs.CostsCommand;
import dev.assay.bench.curves.CurvesCommand;
import dev.assay.bench.profile.ProfileCommand;
import dev.assay.bench.quality.QualityCommand;
import dev.assay.bench.training.TrainingCommand;
import dev.assay.device.Backend;
import dev.assay.device.BackendSelector;
import dev.assay.problem.Problem;
import dev.assay.run.BuildInfo;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `assay bench`: runs suites in forked JVMs and writes what they measured.
@Command(
    name = "assay bench",
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT,
    versionProvider = Main.Version.class,
    subcommands = {
      QualityCommand.class,
      TrainingCommand.class,
      PruningCommand.class,
      CurvesCommand.class,
      CostsCommand.class,
      ServingCommand.class,
      ClusterCommand.class,
      FalsePositivesCommand.class,
      IndexCommand.class,
      AdoptCommand.class,
      ExternalCommand.class,
      StartCommand.class,
      BigCommand.class,
      LeaksCommand.class,
      GatherCommand.class,
      ProfileCommand.class
    },
    description = "Measure what the search costs and how fast trials are.")
public final class Main implements Callable<Integer> {
  @Parameters(
      paramLabel = "SUITE",
      description =
          "loop, suggest, space, storage, train, importance, gp; all when none is named. "
              + "Or a results file, to compare it with that of --against")
  private List<String> suites = new ArrayList<>();

  @Option(names = "--quick", description = "one fork, short measurements, small sizes")
  private boolean quick;

  @Option(
      names = "--backend",
      description = "what the suite gp computes on: cpu or cuda; ${DEFAULT-VALUE}")
  private String backend = "cpu";

  @Option(
      names = "--against",
      paramLabel = "FILE",
      description = "an earlier results file: what is faster, slower, or not distinguishable")
  private @Nullable Path against;

  @Option(names = "--peers", description = "measure other tools too, in turns with Assay")
  private boolean peers;

  @Option(
      names = "--rounds",
      description = "turns of --peers, each in new processes; ${DEFAULT-VALUE}")
  private int rounds = 3;

  @Option(
      names = "--rows",
      split = ",",
      paramLabel = "ROW",
      description = "only these rows of --peers: gp, optuna, train.scikit-learn")
  private List<String> rows = new ArrayList<>();

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "METHOD",
      description = "only these benchmarks of the suites, in this order: refitAndSuggest")
  private List<String> only = new ArrayList<>();

  @Option(names = "--fresh", description = "do not go on with an interrupted run")
  private boolean fresh;

  @Option(names = "--verbose", description = "show every iteration")
  private boolean verbose;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private Destination destination = new Destination();

  Main() {}

  /// What `assay bench --version` prints.
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      var build = BuildInfo.current();
      return new String[] {"assay bench " + build.version() + " (" + build.commit() + ")"};
    }
  }

  public static void main(String[] args) {
    System.setProperty(ResultsFile.COMMAND, "assay bench " + String.join(" ", args));
    // Whatever the locale is, or without one.
    System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(System.err, true, StandardCharsets.UTF_8));
    System.exit(run(args));
  }

  /// Runs one command.
  ///
  /// @return the exit code
  static int run(String... args) {
    var commandLine = new CommandLine(new Main());
    commandLine.setExecutionExceptionHandler((exception, _, _) -> {
      if (!(exception instanceof Problem problem)) {
        throw exception;
      }
      return refused(problem);
    });
    commandLine.setParameterExceptionHandler((exception, _) ->
        refused(
            new Problem(
                "The command line was not understood.",
                String.valueOf(exception.getMessage()),
                "`%s --help` shows what it takes."
                    .formatted(exception.getCommandLine().getCommandSpec().qualifiedName()))));
    return commandLine.execute(args);
  }

  private static int refused(Problem problem) {
    say("error: " + problem.what());
    say("  " + problem.value());
    say("  " + problem.mend());
    return 2;
  }

  @Override
  public Integer call() throws RunnerException, InterruptedException {
    var earlier = against == null ? null : ResultsFile.read(against);
    if (suites.stream().anyMatch(name -> name.endsWith(".json"))) {
      return compareFiles(earlier);
    }
    if (!rows.isEmpty() && !peers) {
      throw new Problem(
          "Rows are those of peers.", "--rows " + String.join(",", rows), "Add --peers.");
    }
    Limits.atLeast(1, "--rounds", rounds);
    var chosen =
        peers && suites.isEmpty()
            ? List.<Suite>of()
            : Suite.named(suites, spec.subcommands().keySet());
    var results = measure(chosen, proven());
    System.out.println();
    System.out.print(ResultsTable.markdown(results));
    if (earlier != null) {
      System.out.println();
      Change.lines(earlier, results).forEach(System.out::println);
    }
    return 0;
  }

  private int compareFiles(@Nullable ResultsFile earlier) {
    if (earlier == null || suites.size() != 1) {
      throw new Problem(
          "Two results files are compared.",
          String.join(" ", suites),
          "Write: assay bench NEW.json --against OLD.json.");
    }
    Change.lines(earlier, ResultsFile.read(Path.of(suites.getFirst())))
        .forEach(System.out::println);
    return 0;
  }

  private ResultsFile measure(List<Suite> chosen, Backend device)
      throws RunnerException, InterruptedException {
    var provenance = ResultsFile.provenance(quick, Destination.device(device));
    var parts = new ArrayList<>(List.of(quick ? "quick" : "full", backend));
    parts.addAll(only);
    var kind = String.join("-", parts);
    var progress = Progress.open(destination.directory(), kind, provenance, fresh);
    var others = peers ? new PeerRun(quick, rounds, rows, progress) : null;
    progress.words().forEach(Main::say);
    List<Measurement> measurements;
    try (var _ = new OnExit(() -> say(progress.farewell()))) {
      measurements = measure(chosen, device, others, progress);
    }
    var file = ResultsFile.write(destination.directory(), suffix(), measurements, provenance);
    progress.end();
    var results = new ResultsFile(ResultsFile.FORMAT, provenance, measurements);
    ResultsTable.write(results, file);
    say("Wrote " + file + ", with .md and .html beside it.");
    return results;
  }

  private List<Measurement> measure(
      List<Suite> chosen, Backend device, @Nullable PeerRun others, Progress progress)
      throws RunnerException, InterruptedException {
    var measurements = new ArrayList<Measurement>();
    if (!chosen.isEmpty()) {
      var ceilings = Ceilings.measure();
      measurements.addAll(ceilings.measurements());
      var units =
          Suite.only(
                  only,
                  chosen.stream()
                      .flatMap(suite -> suite.units(backend, quick, settled()).stream())
                      .toList())
              .stream()
              .filter(Main::fits)
              .toList();
      measurements.addAll(new SuiteRun(SuiteRun.forked(quick, verbose), progress).measure(units));
      measurements.addAll(Growth.of(measurements));
      if (chosen.contains(Suite.GP) && (only.isEmpty() || only.contains(Suite.OPERATIONS))) {
        device.timings(quick).forEach(timing -> measurements.add(Measurement.of(timing)));
      }
      measurements.addAll(Rates.of(measurements, ceilings));
    }
    if (others != null) {
      measurements.addAll(others.measure());
    }
    return measurements;
  }

  /// A fork may have as much memory as this JVM.
  private static boolean fits(Suite.Unit unit) {
    boolean fits = unit.fits(Runtime.getRuntime().maxMemory());
    if (!fits) {
      say("Left out, as it needs 4 GB of heap (ASSAY_JAVA_OPTIONS=-Xmx6g): " + unit.name());
    }
    return fits;
  }

  /// What stands behind date and commit in the name of the file: a part must not take the place of
  /// the whole.
  private String suffix() {
    var words = new ArrayList<>(suites);
    if (peers) {
      words.add("peers");
      words.addAll(rows);
    }
    words.addAll(only);
    return String.join("-", words);
  }

  private Map<String, String> settled() {
    // A million candidates are work for a device.
    return backend.equals("cpu")
        ? Map.of("backend", backend, "effort", "quick")
        : Map.of("backend", backend);
  }

  private static void say(String text) {
    System.err.println(text);
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
}
