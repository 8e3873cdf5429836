package dev.assay.bench;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.Sampler;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// What a trial of a whole search costs: Assay's side of `benchmarks/peers/search_cost.py`, in a
/// process of its own. Prints one JSON object: the wall time of a trial once the JVM has compiled
/// the search, the mean of repeats of the whole search; and of the first search of the process,
/// which has the compiling in it.
///
/// Arguments: WORKLOAD TRIALS WARM_SECONDS, how long it runs before it is timed.
final class PeerWorkload {
  /// How much longer than its trials all of a search may take.
  private static final double LONGEST = 6;

  private PeerWorkload() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    int trials = Integer.parseInt(args[1]);
    double warm = Double.parseDouble(args[2]);
    // What comes before the trials warms nothing that is timed, and may take longer than they do.
    long start = System.nanoTime();
    double first = seconds(args[0], trials);
    double spent = first;
    while (spent < warm && since(start) < LONGEST * warm) {
      spent += seconds(args[0], trials);
    }
    start = System.nanoTime();
    double timed = 0;
    int repeats = 0;
    while (repeats == 0 || timed < 0.4 * warm && since(start) < 0.4 * LONGEST * warm) {
      timed += seconds(args[0], trials);
      repeats++;
    }
    double again = timed / repeats;
    System.out.println(
        JsonMapper.shared()
            .writeValueAsString(
                Map.of("seconds", again / trials, "cold", first / trials, "trials", trials)));
  }

  private static double since(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }

  /// Of all trials together; what comes before them is not in it.
  private static double seconds(String workload, int trials)
      throws IOException, InterruptedException {
    return switch (workload) {
      case "tpe" -> search(Samplers.tpe(), 40, trials);
      case "cmaes" -> search(Samplers.cmaes(), 40, trials);
      case "random" -> search(Samplers.random(), 10, trials);
      case "sqlite" -> stored(trials);
      case "gp" -> suggestions(trials);
      case "train" -> training(trials);
      default -> throw new IllegalArgumentException(workload);
    };
  }

  private static SearchSpace space(int d, double bound) {
    var space = SearchSpace.builder();
    for (int i = 0; i < d; i++) {
      space.add("x" + i, new FloatRange(-bound, bound));
    }
    return space.build();
  }

  private static double loss(Configuration x) {
    double sum = 0;
    for (int i = 0; i < x.space().dimension(); i++) {
      sum += (x.code(i) - 1) * (x.code(i) - 1);
    }
    return sum;
  }

  private static double run(Study<Configuration> study, int trials) {
    long start = System.nanoTime();
    study.run((x, _) -> Outcome.complete(loss(x)), Budget.trials(trials));
    double seconds = (System.nanoTime() - start) * 1e-9;
    if (study.count(TrialState.COMPLETE) != trials) {
      throw new IllegalStateException("not all of " + trials + " trials are complete");
    }
    return seconds;
  }

  private static double search(Sampler sampler, int d, int trials) {
    try (var study = Study.over(space(d, 5)).minimize("loss").sampler(sampler).seed(1).open()) {
      return run(study, trials);
    }
  }

  private static double stored(int trials) throws IOException {
    var directory = Files.createTempDirectory("assay-peers");
    try (var storage = new SqliteStorage(directory.resolve("study.db"));
        var study =
            Study.over(space(10, 5))
                .minimize("loss")
                .sampler(Samplers.random())
                .seed(1)
                .storage(storage)
                .open()) {
      return run(study, trials);
    } finally {
      try (var files = Files.list(directory)) {
        for (var file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  /// Suggestions behind 100 random trials in 10 dimensions, of one model as peers have one.
  private static double suggestions(int trials) {
    var benchmark = new SuggestBenchmark();
    benchmark.sampler = "gp-single";
    benchmark.n = 100;
    benchmark.d = 10;
    benchmark.prove();
    long start = System.nanoTime();
    for (int i = 0; i < trials; i++) {
      benchmark.suggest(new SuggestBenchmark.Cpu());
    }
    return (System.nanoTime() - start) * 1e-9;
  }

  /// A row of the digits in an epoch; one configuration at a time, one core.
  private static double training(int repeats) throws InterruptedException {
    var benchmark = new TrainBenchmark();
    benchmark.gate();
    long start = System.nanoTime();
    for (int i = 0; i < repeats; i++) {
      benchmark.train();
    }
    return (System.nanoTime() - start) * 1e-9 / TrainBenchmark.SAMPLES;
  }
}
