package dev.assay.bench;

import dev.assay.problem.Problem;
import dev.assay.pruner.Pruners;
import dev.assay.trial.Pruner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `assay bench pruning`: what pruners save on recorded learning curves. [PruningComparison] says
/// what is measured.
@Command(name = "pruning", description = "What pruners save on recorded learning curves.")
final class PruningCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "the taskset__* and lcbench_surrogate__* tables, with their descriptions")
  private Path data = Path.of("");

  @Option(names = "--seeds", description = "random searches a table; ${DEFAULT-VALUE}")
  private int seeds = 20;

  @Mixin private Destination destination = new Destination();

  private static Map<String, Pruner> pruners() {
    var pruners = new LinkedHashMap<String, Pruner>();
    pruners.put("asha {min: 1, max: 51, factor: 3}", Pruners.asha(1, 51, 3));
    pruners.put("hyperband {min: 1, max: 51, factor: 3}", Pruners.hyperband(1, 51, 3));
    pruners.put("median", Pruners.median());
    return pruners;
  }

  @Override
  public Integer call() {
    Limits.atLeast(1, "--seeds", seeds);
    var pruners = pruners();
    var measurements = new ArrayList<Measurement>();
    System.out.println(
        "Median share of the cost of 100 full runs of random search, " + seeds + " seeds");
    System.out.println();
    System.out.println("| table | " + String.join(" | ", pruners.keySet()) + " |");
    System.out.println("|---|" + "---:|".repeat(pruners.size()));
    for (var table : tables()) {
      var comparison = new PruningComparison(table);
      var name = String.valueOf(table.getFileName()).replace(".csv.gz", "");
      var row = new StringBuilder("| ").append(name);
      pruners.forEach((label, pruner) -> {
        var shares = comparison.shares(pruner, seeds);
        measurements.add(measurement(name, label, shares));
        row.append(String.format(Locale.ROOT, " | %.3f", median(shares)));
      });
      System.out.println(row.append(" |"));
    }
    System.out.println();
    for (var label : pruners.keySet()) {
      System.out.println(verdict(label, measurements));
    }
    destination.write("pruning", measurements);
    return 0;
  }

  private List<Path> tables() {
    try (var files = Files.list(data)) {
      var tables =
          files
              .filter(file ->
                  String.valueOf(file.getFileName())
                      .matches("(taskset|lcbench_surrogate)__.*\\.csv\\.gz"))
              .sorted()
              .toList();
      if (tables.isEmpty()) {
        throw new Problem(
            "There are no tables to measure with.",
            data.toString(),
            "Name the directory of taskset__*.csv.gz and lcbench_surrogate__*.csv.gz.");
      }
      return tables;
    } catch (IOException e) {
      throw new Problem("The directory cannot be read.", data + ": " + e, "Check --data.", e);
    }
  }

  private static double median(double[] ascending) {
    int n = ascending.length;
    return (ascending[(n - 1) / 2] + ascending[n / 2]) / 2;
  }

  /// Searches that did not come to the target count as 1 in the mean; JSON knows no infinity.
  private static Measurement measurement(String table, String pruner, double[] shares) {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("table", table);
    parameters.put("pruner", pruner);
    parameters.put("seeds", String.valueOf(shares.length));
    parameters.put(
        "not reached",
        String.valueOf(Arrays.stream(shares).filter(share -> !Double.isFinite(share)).count()));
    var capped = Arrays.stream(shares).map(share -> Math.min(1, share)).toArray();
    return new Measurement(
        "pruning.costShare",
        parameters,
        Arrays.stream(capped).average().orElse(1),
        null,
        "of the cost of 100 full runs",
        median(capped),
        capped[(int) Math.ceil(0.99 * capped.length) - 1],
        null,
        null);
  }

  private static String verdict(String pruner, List<Measurement> measurements) {
    var own =
        measurements.stream().filter(m -> pruner.equals(m.parameters().get("pruner"))).toList();
    return String.format(
        Locale.ROOT,
        "%s: at most 1/4 on %d, at most 2/3 on %d of %d tables",
        pruner,
        own.stream().filter(m -> m.p50() <= 0.25).count(),
        own.stream().filter(m -> m.p50() <= 2 / 3.0).count(),
        own.size());
  }
}
