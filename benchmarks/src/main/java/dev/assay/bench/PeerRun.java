package dev.assay.bench;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The same search with Assay and with other tools, in turns (A B A B), each time in a new process
/// on one and the same core, with one thread for arithmetic on both sides.
///
/// Python is `python3`, or what `ASSAY_PYTHON` names; `PYTHONPATH` may lead to unpacked sources. A
/// tool that is not installed, crashes, hangs or prints no result is noted in a row of its own, and
/// the rest goes on.
final class PeerRun {
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /// No further round of a row is begun that would take the tool beyond this.
  private static final double MOST_SECONDS = 200;

  /// How long Assay runs before it is timed: compiling is measured apart, as `first time`.
  private static final int WARM_SECONDS = 5;

  /// One workload for one tool.
  ///
  /// @param ours trials of Assay; more where it would be over too soon to time
  /// @param theirs trials of the tool
  private record Match(String workload, String tool, int ours, int theirs, String of) {
    String name() {
      return workload + "." + tool;
    }

    boolean isMeant(String row) {
      return row.equals(workload) || row.equals(tool) || row.equals(name());
    }
  }

  private static final String PERCEPTRON =
      "64-100-10 perceptron, batch 64, a row and epoch of one configuration";

  private static final List<Match> MATCHES =
      List.of(
          new Match("random", "optuna", 10_000, 10_000, "in memory, 10 parameters"),
          new Match(
              "sqlite",
              "optuna",
              10_000,
              100,
              "in SQLite (each with its default settings: Assay calls fsync a few times a study,"
                  + " Optuna with every commit), 10 parameters"),
          new Match("tpe", "optuna", 1000, 1000, "40 parameters"),
          new Match("tpe", "hyperopt", 300, 300, "40 parameters"),
          new Match("random", "hyperopt", 1000, 1000, "in memory, 10 parameters"),
          new Match("cmaes", "optuna", 10_000, 10_000, "40 parameters"),
          new Match("gp", "optuna-gp", 10, 10, "behind 100 trials, 10 parameters"),
          new Match("gp", "bayes_opt", 10, 10, "behind 100 trials, 10 parameters"),
          new Match("gp", "botorch", 10, 10, "behind 100 trials, 10 parameters"),
          new Match("train", "scikit-learn", 10, 5, PERCEPTRON),
          new Match("train", "pytorch-eager", 10, 3, PERCEPTRON));

  private final boolean quick;
  private final int rounds;
  private final Progress progress;
  private final Path programs;
  private final List<Match> matches;

  /// @param rows workloads (`tpe`), tools (`optuna`) or both (`tpe.optuna`); none: all
  /// @throws Problem for a row that there is not
  PeerRun(boolean quick, int rounds, List<String> rows, Progress progress) {
    matches = named(rows);
    this.quick = quick;
    this.rounds = quick ? 1 : rounds;
    this.progress = progress;
    programs = Path.of(System.getProperty("assay.home", ".")).resolve("benchmarks/peers");
    if (!Files.exists(programs.resolve("search_cost.py"))) {
      throw new Problem(
          "The programs that measure other tools are not there.",
          programs.toString(),
          "Run assay bench --peers from a checkout.");
    }
  }

  private static List<Match> named(List<String> rows) {
    for (var row : rows) {
      if (MATCHES.stream().noneMatch(match -> match.isMeant(row))) {
        var known =
            MATCHES.stream()
                .flatMap(match -> Stream.of(match.workload(), match.tool(), match.name()))
                .distinct()
                .toList();
        throw new Problem("There is no such row of peers.", row, Nearest.suggest(row, known));
      }
    }
    return MATCHES.stream()
        .filter(match -> rows.isEmpty() || rows.stream().anyMatch(match::isMeant))
        .toList();
  }

  List<Measurement> measure() throws InterruptedException {
    var measurements = new ArrayList<Measurement>();
    for (int i = 0; i < matches.size(); i++) {
      var match = matches.get(i);
      var unit = "peers." + match.name();
      var found = progress.find(unit);
      if (found == null) {
        System.err.printf("[%d/%d] %s%n", i + 1, matches.size(), unit);
        found = List.of(measure(match));
        progress.add(unit, found);
      }
      measurements.addAll(found);
    }
    return measurements;
  }

  private Measurement measure(Match match) throws InterruptedException {
    int shrink = quick ? 5 : 1;
    int ours = Math.max(2, match.ours() / shrink);
    int theirs = Math.max(2, match.theirs() / shrink);
    var own = new ArrayList<Double>();
    var other = new ArrayList<Double>();
    double cold = Double.NaN;
    String version = "";
    String failure = "";
    double spent = 0;
    for (int round = 0; round < rounds && failure.isEmpty(); round++) {
      if (round > 0 && spent * (round + 1) / round > MOST_SECONDS) {
        break; // the number of rounds stands in the results
      }
      long start = System.nanoTime();
      var peer = PeerProcess.run(python(match, theirs), LONGEST);
      spent += (System.nanoTime() - start) * 1e-9;
      if (peer.document() == null) {
        failure = peer.failure();
      } else {
        other.add(peer.document().get("seconds").asDouble() * 1e6);
        version = peer.document().path("version").asString("");
      }
      var answer =
          PeerProcess.run(
              assay(match.workload(), ours, quick || other.isEmpty() ? 1 : WARM_SECONDS), LONGEST);
      if (answer.document() == null) {
        throw new Problem(
            "Assay's own workload failed.",
            match.name() + ": " + answer.failure(),
            "What is measured is kept. Leave the row out with --rows, and report it.");
      }
      own.add(answer.document().get("seconds").asDouble() * 1e6);
      cold = answer.document().get("cold").asDouble() * 1e6;
    }
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("of", match.of());
    parameters.put("trials", Integer.toString(ours));
    if (theirs != ours) {
      parameters.put("trials of the peer", Integer.toString(theirs));
    }
    parameters.put("rounds", Integer.toString(own.size()));
    parameters.put("first time", String.format(Locale.ROOT, "%.4g us", cold));
    if (!failure.isEmpty()) {
      parameters.put(match.tool(), failure);
      System.err.println("  " + match.tool() + ": " + failure);
    }
    var peer =
        other.isEmpty()
            ? null
            : new Measurement.Peer(
                match.tool(),
                version,
                other.stream().mapToDouble(Double::doubleValue).average().orElseThrow());
    var measurement =
        Measurement.ofRepeats(
            "peers." + match.workload(),
            parameters,
            "us/op",
            own.stream().mapToDouble(Double::doubleValue).toArray(),
            peer);
    if (peer != null) {
      System.err.printf(
          Locale.ROOT,
          "  %.4g us against %.4g us: %s%n",
          measurement.score(),
          peer.score(),
          ResultsTable.ratio(measurement));
    }
    return measurement;
  }

  private static List<String> assay(String workload, int trials, int warmSeconds) {
    var command = new ArrayList<>(pinned());
    command.addAll(
        OwnJvm.command(
            List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"),
            PeerWorkload.class,
            workload,
            trials,
            warmSeconds));
    return command;
  }

  private List<String> python(Match match, int trials) {
    var python = System.getenv("ASSAY_PYTHON");
    var command = new ArrayList<>(pinned());
    command.addAll(
        List.of(
            python == null ? "python3" : python,
            programs.resolve("search_cost.py").toString(),
            match.workload(),
            match.tool(),
            Integer.toString(trials)));
    return command;
  }

  /// One core for either side, where the system can.
  private static List<String> pinned() {
    return Files.isExecutable(Path.of("/usr/bin/taskset"))
        ? List.of("/usr/bin/taskset", "-c", "0")
        : List.of();
  }
}
