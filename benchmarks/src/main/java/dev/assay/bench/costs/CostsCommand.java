package dev.assay.bench.costs;

import dev.assay.bench.Destination;
import dev.assay.bench.Limits;
import dev.assay.bench.Measurement;
import dev.assay.problem.Problem;
import dev.assay.run.function.NumericFunction;
import dev.assay.sampler.Samplers;
import dev.assay.trial.Sampler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `assay bench costs`: searches that heed what trials cost against the same that do not, at equal
/// cost. [CostRace] says what is measured.
@Command(name = "costs", description = "What heeding the cost of trials is worth, at equal cost.")
public final class CostsCommand implements Callable<Integer> {
  /// Shares of the budget after which they are compared.
  private static final double[] SHARES = {0.25, 0.5, 1};

  @Option(names = "--seeds", description = "searches of each kind; ${DEFAULT-VALUE}")
  private int seeds = 20;

  @Option(
      names = "--runs",
      description = "how long each searches, in mean costs of a trial; ${DEFAULT-VALUE}")
  private double runs = 20;

  @Option(
      names = "--functions",
      split = ",",
      paramLabel = "NAME",
      description = "what is minimised; ${DEFAULT-VALUE}")
  private List<String> functions = List.of("branin", "hartmann3", "hartmann6", "levy");

  @Option(
      names = "--samplers",
      split = ",",
      paramLabel = "NAME",
      description = "of these, each with and without costs; ${DEFAULT-VALUE}")
  private List<String> samplers = List.of("gp");

  @Option(names = "--jobs", description = "searches at a time; default: the processor's cores")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Mixin private Destination destination = new Destination();

  private static Sampler sampler(String name, String cost) {
    return Samplers.create(name, Map.of("cost", cost));
  }

  @Override
  public Integer call() throws InterruptedException {
    Limits.atLeast(1, "--seeds", seeds);
    Limits.atLeast(1, "--jobs", jobs);
    if (!(runs > 0)) {
      throw new Problem("A search needs time.", "--runs " + runs, "Give 1 or more.");
    }
    System.out.printf(
        Locale.ROOT,
        "Share of %d pairs in which the search that heeds costs has the better value (ties half)"
            + " after a quarter, a half and all of %s mean costs; medians of both at the end;"
            + " trials of both; median share of the time after which it has what the other ends"
            + " with%n%n",
        seeds,
        runs);
    System.out.println("| function | dear | sampler | better | with | without | trials | time |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    var measurements = new ArrayList<Measurement>();
    try (var pool = Executors.newFixedThreadPool(jobs)) {
      for (var name : functions) {
        for (var dear : CostRace.Dear.values()) {
          for (var sampler : samplers) {
            var race = new CostRace(NumericFunction.named(name), dear);
            var with = new ArrayList<Future<CostRace.Course>>();
            var without = new ArrayList<Future<CostRace.Course>>();
            for (int seed = 0; seed < seeds; seed++) {
              long s = seed;
              with.add(pool.submit(() -> race.search(sampler(sampler, "auto"), s, runs)));
              without.add(pool.submit(() -> race.search(sampler(sampler, "none"), s, runs)));
            }
            measurements.add(compared(name, dear, sampler, all(with), all(without)));
          }
        }
      }
    }
    destination.write("costs", measurements);
    return 0;
  }

  private static List<CostRace.Course> all(List<Future<CostRace.Course>> futures)
      throws InterruptedException {
    var courses = new ArrayList<CostRace.Course>();
    for (var future : futures) {
      try {
        courses.add(future.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    return courses;
  }

  private Measurement compared(
      String function,
      CostRace.Dear dear,
      String sampler,
      List<CostRace.Course> with,
      List<CostRace.Course> without) {
    var better = new double[SHARES.length];
    var times = new double[seeds];
    for (int i = 0; i < seeds; i++) {
      for (int k = 0; k < SHARES.length; k++) {
        int sign =
            Double.compare(without.get(i).at(SHARES[k] * runs), with.get(i).at(SHARES[k] * runs));
        better[k] += (1 + sign) / 2.0 / seeds;
      }
      times[i] = time(with.get(i), without.get(i).at(runs));
    }
    double ends = median(with.stream().mapToDouble(c -> c.at(runs)).toArray());
    double otherEnds = median(without.stream().mapToDouble(c -> c.at(runs)).toArray());
    double trials = with.stream().mapToInt(CostRace.Course::trials).average().orElse(0);
    double otherTrials = without.stream().mapToInt(CostRace.Course::trials).average().orElse(0);
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %.2f %.2f %.2f | %.4g | %.4g | %.0f / %.0f | %.2f |%n",
        function,
        dear.name().toLowerCase(Locale.ROOT),
        sampler,
        better[0],
        better[1],
        better[2],
        ends,
        otherEnds,
        trials,
        otherTrials,
        median(times));
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("function", function);
    parameters.put("dear", dear.name().toLowerCase(Locale.ROOT));
    parameters.put("sampler", sampler);
    parameters.put("seeds", String.valueOf(seeds));
    parameters.put("budget in mean costs", String.valueOf(runs));
    for (int k = 0; k < SHARES.length; k++) {
      parameters.put("better after " + SHARES[k], String.format(Locale.ROOT, "%.3f", better[k]));
    }
    parameters.put("median end", String.format(Locale.ROOT, "%.5g", ends));
    parameters.put("median end without", String.format(Locale.ROOT, "%.5g", otherEnds));
    return new Measurement(
        "costs.timeToSame",
        parameters,
        Arrays.stream(times).average().orElse(1),
        null,
        "of the time in which the search that does not heed costs found as good a value",
        median(times),
        Arrays.stream(times).max().orElse(1),
        null,
        null);
  }

  /// The share of the time after which a search knows as good a value; 1 where it never does.
  private double time(CostRace.Course course, double value) {
    for (int i = 0; i < course.times().size(); i++) {
      if (course.values().get(i) <= value) {
        return course.times().get(i) / runs;
      }
    }
    return 1;
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int n = values.length;
    return (values[(n - 1) / 2] + values[n / 2]) / 2;
  }
}
