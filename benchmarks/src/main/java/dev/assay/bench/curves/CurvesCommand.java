package dev.assay.bench.curves;

import dev.assay.bench.Destination;
import dev.assay.bench.Limits;
import dev.assay.bench.Measurement;
import dev.assay.problem.Problem;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.DoubleStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `assay bench curves`: regret over simulated hours on recorded learning curves. [CurveRace] says
/// what is measured.
@Command(name = "curves", description = "Regret over simulated hours on recorded learning curves.")
public final class CurvesCommand implements Callable<Integer> {
  private static final String TABLES = "(taskset|lcbench_surrogate|opda)__.*\\.csv\\.gz";

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "the taskset__*, lcbench_surrogate__* and opda__* tables")
  private Path data = Path.of("");

  @Option(
      names = "--tables",
      split = ",",
      paramLabel = "PART",
      description = "only tables whose names have one of these parts")
  private List<String> parts = List.of();

  @Option(
      names = "--searches",
      split = ";",
      paramLabel = "NAME",
      description = "only these, separated by ';'; all when none is named")
  private List<String> only = List.of();

  @Option(names = "--seeds", description = "searches of each kind a table; ${DEFAULT-VALUE}")
  private int seeds = 20;

  @Option(
      names = "--runs",
      description = "how long each searches, in mean full runs of its table; ${DEFAULT-VALUE}")
  private double runs = 20;

  @Option(names = "--workers", description = "simulated workers; ${DEFAULT-VALUE}")
  private int workers = 1;

  @Option(names = "--jobs", description = "searches at a time; default: the processor's cores")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Mixin private Destination destination = new Destination();

  @Override
  public Integer call() throws InterruptedException {
    Limits.atLeast(1, "--seeds", seeds);
    Limits.atLeast(1, "--workers", workers);
    Limits.atLeast(1, "--jobs", jobs);
    if (!(runs > 0)) {
      throw new Problem("A search needs time.", "--runs " + runs, "Give 1 or more.");
    }
    var rivals = chosen();
    var all = new LinkedHashMap<String, Map<String, List<CurveRace.Course>>>();
    System.out.printf(
        Locale.ROOT,
        "Mean regret over the time of %s full runs, %d seeds; in brackets the median regret after a"
            + " quarter, a half and all of it%n%n",
        runs,
        seeds);
    System.out.println(
        "| table | " + String.join(" | ", rivals.stream().map(Rival::label).toList()) + " |");
    System.out.println("|---|" + "---|".repeat(rivals.size()));
    try (var pool = Executors.newFixedThreadPool(jobs)) {
      for (var csv : tables()) {
        var race = new CurveRace(csv);
        var name = String.valueOf(csv.getFileName()).replace(".csv.gz", "");
        var row = new StringBuilder("| ").append(name);
        var courses = new LinkedHashMap<String, List<CurveRace.Course>>();
        for (var rival : rivals) {
          var futures = new ArrayList<Future<CurveRace.Course>>();
          for (int seed = 0; seed < seeds; seed++) {
            long s = seed;
            futures.add(pool.submit(() -> race.search(rival, s, runs, workers)));
          }
          var own = new ArrayList<CurveRace.Course>();
          for (var future : futures) {
            own.add(future.get());
          }
          courses.put(rival.label(), own);
          row.append(cell(own));
        }
        System.out.println(row.append(" |"));
        all.put(name, courses);
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Problem problem) {
        throw problem;
      }
      throw new IllegalStateException(e.getCause());
    }
    var report = new CurvesReport(all, runs);
    System.out.println();
    report.lines().forEach(System.out::println);
    var measurements = new ArrayList<>(report.measurements());
    var decisions = DecisionCost.measure();
    for (var m : decisions) {
      System.out.printf(
          Locale.ROOT,
          "%s: mean %.1f, median %.1f, p99 %.1f %s%n",
          m.benchmark(),
          m.score(),
          m.p50(),
          m.p99(),
          m.unit());
    }
    measurements.addAll(decisions);
    destination.write("curves", measurements);
    return 0;
  }

  private List<Rival> chosen() {
    var chosen =
        Rival.all().stream()
            .filter(rival -> only.isEmpty() || only.contains(rival.label()))
            .toList();
    if (chosen.isEmpty()) {
      throw new Problem(
          "There is no such search.",
          String.join(";", only),
          "Name some of: " + String.join("; ", Rival.all().stream().map(Rival::label).toList()));
    }
    return chosen;
  }

  private String cell(List<CurveRace.Course> courses) {
    double area = courses.stream().mapToDouble(CurveRace.Course::area).average().orElse(1);
    var medians =
        DoubleStream.of(0.25, 0.5, 1)
            .mapToObj(share -> String.format(Locale.ROOT, "%.3f", median(courses, share * runs)))
            .toList();
    return String.format(Locale.ROOT, " | %.3f (%s)", area, String.join(" ", medians));
  }

  private static double median(List<CurveRace.Course> courses, double time) {
    return CurveRace.median(courses.stream().mapToDouble(course -> course.at(time)).toArray());
  }

  private List<Path> tables() {
    try (var files = Files.list(data)) {
      var tables =
          files
              .filter(file -> String.valueOf(file.getFileName()).matches(TABLES))
              .filter(file ->
                  parts.isEmpty()
                      || parts.stream().anyMatch(part -> file.toString().contains(part)))
              .sorted()
              .toList();
      if (tables.isEmpty()) {
        throw new Problem(
            "There are no tables to measure with.",
            data + (parts.isEmpty() ? "" : ", --tables " + String.join(",", parts)),
            "Name the directory of taskset__*, lcbench_surrogate__* and opda__*.csv.gz.");
      }
      return tables;
    } catch (IOException e) {
      throw new Problem("The directory cannot be read.", data + ": " + e, "Check --data.", e);
    }
  }

  /// What the searches came to, by table and search.
  private record CurvesReport(Map<String, Map<String, List<CurveRace.Course>>> all, double runs) {
    private static double[] areas(List<CurveRace.Course> courses) {
      return courses.stream().mapToDouble(CurveRace.Course::area).sorted().toArray();
    }

    private static double mean(double[] values) {
      return Arrays.stream(values).average().orElse(1);
    }

    /// Every search beside the others: the ratio of areas, and when it had what the other ended
    /// with.
    List<String> lines() {
      var lines = new ArrayList<String>();
      lines.add(
          "| search | beside | area, geometric mean | worst table | time to its end, median |");
      lines.add("|---|---|---:|---:|---:|");
      var labels = all.values().iterator().next().keySet();
      for (var label : labels) {
        for (var other : List.of(Rival.RANDOM, Rival.ASHA, Rival.HYPERBAND)) {
          if (labels.contains(other) && !label.equals(other)) {
            lines.add(line(label, other));
          }
        }
      }
      return lines;
    }

    private String line(String label, String other) {
      double logs = 0;
      double worst = 0;
      var times = new ArrayList<Double>();
      for (var courses : all.values()) {
        var own = courses.get(label);
        var theirs = courses.get(other);
        if (own == null || theirs == null) {
          continue;
        }
        double ratio = mean(areas(own)) / mean(areas(theirs));
        logs += Math.log(ratio);
        worst = Math.max(worst, ratio);
        double end =
            CurveRace.median(theirs.stream().mapToDouble(course -> course.at(runs)).toArray());
        times.add(
            CurveRace.median(own.stream().mapToDouble(course -> course.when(end)).toArray())
                / runs);
      }
      return String.format(
          Locale.ROOT,
          "| %s | %s | %.3f | %.3f | %.3f |",
          label,
          other,
          Math.exp(logs / all.size()),
          worst,
          CurveRace.median(times.stream().mapToDouble(Double::doubleValue).toArray()));
    }

    List<Measurement> measurements() {
      var measurements = new ArrayList<Measurement>();
      all.forEach((table, courses) ->
          courses.forEach((label, own) -> measurements.addAll(measurements(table, label, own))));
      return measurements;
    }

    private List<Measurement> measurements(
        String table, String label, List<CurveRace.Course> courses) {
      var parameters = new LinkedHashMap<String, String>();
      parameters.put("table", table);
      parameters.put("search", label);
      parameters.put("seeds", String.valueOf(courses.size()));
      parameters.put("runs", String.valueOf(runs));
      var areas = areas(courses);
      var ends = courses.stream().mapToDouble(course -> course.at(runs)).sorted().toArray();
      var decisions =
          courses.stream().mapToDouble(CurveRace.Course::decisionSeconds).sorted().toArray();
      return List.of(
          measurement("curves.regretArea", parameters, areas, "mean regret over the time"),
          measurement("curves.regretAtEnd", parameters, ends, "regret"),
          measurement("curves.trialSeconds", parameters, decisions, "s/trial, replay included"));
    }

    private static Measurement measurement(
        String name, Map<String, String> parameters, double[] ascending, String unit) {
      return new Measurement(
          name,
          parameters,
          mean(ascending),
          null,
          unit,
          CurveRace.median(ascending),
          ascending[(int) Math.ceil(0.99 * ascending.length) - 1],
          null,
          null);
    }
  }
}
