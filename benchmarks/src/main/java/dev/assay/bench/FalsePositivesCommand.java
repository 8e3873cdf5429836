package dev.assay.bench;

import dev.assay.internal.statistics.SignedRank;
import dev.assay.run.function.TestFunction;
import dev.assay.run.function.TestFunctions;
import dev.assay.sampler.Samplers;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.Sampler;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `assay bench false-positives`: how often the test of `assay compare` finds a difference at 5 %
/// between a sampler and itself under other seeds. An honest test does so in 5 % of repetitions.
@Command(
    name = "false-positives",
    description = "How often compare's test finds a sampler better than itself.")
final class FalsePositivesCommand implements Callable<Integer> {
  private static final double LEVEL = 0.05;

  @Option(names = "--function", description = "what is searched; ${DEFAULT-VALUE}")
  private String function = "branin";

  @Option(names = "--sampler", description = "compared with itself; ${DEFAULT-VALUE}")
  private String sampler = "random";

  @Option(names = "--repetitions", description = "tests; ${DEFAULT-VALUE}")
  private int repetitions = 2000;

  @Option(names = "--seeds", description = "pairs of a test; ${DEFAULT-VALUE}")
  private int seeds = 20;

  @Option(names = "--trials", description = "of a run; ${DEFAULT-VALUE}")
  private int trials = 20;

  @Mixin private Destination destination = new Destination();

  @Override
  public Integer call() {
    Limits.atLeast(1, "--repetitions", repetitions);
    Limits.atLeast(6, "--seeds", seeds); // fewer cannot differ at 5 %
    Limits.atLeast(1, "--trials", trials);
    var searched = TestFunctions.named(function);
    var made = Samplers.create(sampler, Map.of());
    var p =
        IntStream.range(0, repetitions)
            .parallel()
            .mapToDouble(repetition -> p(searched, made, repetition))
            .toArray();
    double share = Arrays.stream(p).filter(value -> value <= LEVEL).count() / (double) p.length;
    double error = 3.2905 * Math.sqrt(share * (1 - share) / p.length);
    System.out.printf(
        Locale.ROOT,
        "%s against itself on %s, %d seeds, %d trials: a difference at 5 %% in %.2f %% of %d"
            + " repetitions%n",
        sampler,
        function,
        seeds,
        trials,
        100 * share,
        repetitions);
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("sampler", sampler);
    parameters.put("function", function);
    parameters.put("seeds", Integer.toString(seeds));
    parameters.put("trials", Integer.toString(trials));
    parameters.put("repetitions", Integer.toString(repetitions));
    var measurement =
        new Measurement(
            "compare.falsePositives",
            parameters,
            100 * share,
            100 * error,
            "% of repetitions",
            100 * share,
            100 * share,
            null,
            null);
    destination.write("false-positives", List.of(measurement));
    return 0;
  }

  /// Of one repetition; every run of every repetition has a seed of its own.
  private double p(TestFunction searched, Sampler made, int repetition) {
    var differences = new double[seeds];
    for (int s = 0; s < seeds; s++) {
      long seed = 2L * (repetition * (long) seeds + s);
      differences[s] = loss(searched, made, seed + 1) - loss(searched, made, seed);
    }
    return SignedRank.of(differences).p();
  }

  private double loss(TestFunction searched, Sampler made, long seed) {
    try (var study =
        Study.over(searched.space()).minimize("value").sampler(made).seed(seed).open()) {
      var result =
          study.run((x, _) -> Outcome.complete(searched.values(x)[0]), Budget.trials(trials));
      return result.best().value();
    }
  }
}
