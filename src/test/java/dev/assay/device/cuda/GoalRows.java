package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.ptx.profile.Work;
import dev.assay.run.TestResults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an H200 would take for the work that goals are set for, **estimated** from what its kernels
/// do at those sizes: each kind of work runs on the stand-in, in processes that do less and more of
/// it; what they differ by is one more unit. Of the largest sizes a sample of blocks runs
/// (`kernels/standin/counts.h`); what that is off by at smaller ones is told too. Latencies, caches
/// and the host come on top. Not part of the build; its command stands in CONTRIBUTING.md.
///
/// System properties: `assay.results`, the directory that the file is written to; `assay.goals`,
/// words of which a row's name must contain one; `assay.counts`, a directory where counts are kept
/// and taken from: those of the largest sizes take many minutes.
class GoalRows {
  private static final String CARD = "H200";
  private static final int MULTIPROCESSORS = 132;
  private static final int LANES = 1000;

  /// Kernels of which a sample of blocks is enough where the work's words end in `SAMPLED`.
  private static final String SAMPLED = "sampled";

  private static final String IN_SAMPLES =
      "cholesky_panel_f64,cholesky_update_f64,likelihood_rows_f64,multiply_factor_f64,"
          + "multiply_rows_f64";

  /// So many times what `work` does more in `to` units than in `from`.
  private record Term(double times, String work, int from, int to) {}

  /// @param name of the work, its goal in milliseconds, and what adds up to it
  private record Row(String name, double goal, List<Term> terms) {
    Row(String name, double goal, Term... terms) {
      this(name, goal, List.of(terms));
    }
  }

  /// Work that samples are compared with all of their blocks at.
  private static final List<String> COMPARED =
      List.of("cholesky 1000 1", "cholesky 2000 1", "likelihood 1000", "drowned 1000");

  private static final double NONE = Double.NaN; // no goal in milliseconds

  private static final List<Row> ROWS =
      List.of(
          new Row(
              "1: suggestion, n = 100, 20 evaluations",
              3,
              new Term(1, "fit 100", 0, 1),
              new Term(9.5, "fit 100", 1, 3),
              new Term(1, "suggest 100", 0, 1)),
          new Row(
              "1: suggestion, n = 1,000, 20 evaluations",
              40,
              new Term(19, "fit 1000", 1, 2),
              new Term(1, "fit 1000", 0, 1),
              new Term(1, "suggest 1000", 0, 1)),
          new Row(
              "1: suggestion, n = 10,000, 20 evaluations at n = 2,048",
              1000,
              new Term(20, "likelihood 2048 sampled", 0, 1),
              new Term(1, "drowned 10000 sampled", 0, 1)),
          new Row(
              "1: its 20 evaluations at n = 2,048",
              NONE,
              new Term(20, "likelihood 2048 sampled", 0, 1)),
          new Row(
              "2: 1,000 starts, 100 steps, n = 1,000",
              10,
              new Term(1, "starts 1000 usual", 0, 1),
              new Term(99, "starts 1000 usual", 1, 2)),
          new Row(
              "2: the same, nearly singular",
              10,
              new Term(1, "starts 1000 singular", 0, 1),
              new Term(99, "starts 1000 singular", 1, 2)),
          new Row(
              "3: a million candidates, n = 1,000, exact",
              40,
              new Term(1e6 / 2048, "exact 1000 usual", 2048, 4096)),
          new Row(
              "3: the same, nearly singular",
              40,
              new Term(1e6 / 2048, "exact 1000 singular", 2048, 4096)),
          new Row(
              "3: a million candidates, n = 1,000, screened",
              4,
              new Term(1, "screened 1000", 0, 8192),
              new Term((1e6 - 8192) / 8192, "screened 1000", 8192, 16384)),
          new Row("4: Cholesky, n = 1,000", 0.3, new Term(1, "cholesky 1000 1", 0, 1)),
          new Row("4: 64 of n = 512", NONE, new Term(1, "cholesky 512 64", 0, 1)),
          new Row("4: Cholesky, n = 4,000", NONE, new Term(1, "cholesky 4000 1 sampled", 0, 1)),
          new Row("4: Cholesky, n = 10,000", 20, new Term(1, "cholesky 10000 1 sampled", 0, 1)),
          new Row(
              "5: covariance, n = 4,000, its half", 0.054, new Term(1, "covariance 4000", 0, 1)),
          new Row(
              "5: covariance, n = 10,000, its half",
              NONE,
              new Term(1, "covariance 10000 sampled", 0, 1)),
          new Row("10: an epoch of 1,000 lanes, FP32", 15, epoch("FP32", 128)),
          new Row("10: the same in TF32", 4, epoch("TF32", 128)),
          new Row("10: the same in BF16", 4, epoch("BF16", 128)));

  /// Rounds of lanes, each of which has a multiprocessor.
  private static Term epoch(String precision, int hidden) {
    int rounds = (LANES + MULTIPROCESSORS - 1) / MULTIPROCESSORS;
    return new Term(rounds, "training %s %d 10000".formatted(precision, hidden), 1, 2);
  }

  @TempDir private Path directory;
  private final Map<String, Work> done = new HashMap<>();

  /// What a process did, once.
  private Work work(String kind, int units) throws IOException, InterruptedException {
    var known = done.get(kind + " " + units);
    if (known != null) {
      return known;
    }
    var kept = System.getProperty("assay.counts");
    var counts =
        (kept == null ? directory : Path.of(kept)).resolve(kind.replace(' ', '-') + "-" + units);
    if (!Files.exists(counts)) {
      count(kind, units, counts);
    }
    var work = Files.exists(counts) ? Work.of(counts, CARD) : Work.NONE;
    done.put(kind + " " + units, work);
    return work;
  }

  private static void count(String kind, int units, Path counts)
      throws IOException, InterruptedException {
    var part = Path.of(counts + ".part");
    Files.deleteIfExists(part);
    var words = new ArrayList<>(Arrays.asList(kind.split(" ")));
    words.add(1, Integer.toString(units));
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx4g", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            GoalWork.class.getName()));
    command.addAll(words);
    var process = new ProcessBuilder(command).inheritIO();
    process.environment().put("ASSAY_STANDIN_PROFILE", part.toString());
    if (words.getLast().equals(SAMPLED)) {
      process
          .environment()
          .put(
              "ASSAY_STANDIN_SAMPLE",
              kind.startsWith("covariance") ? "covariance_tiles_f64" : IN_SAMPLES);
      process.environment().put("ASSAY_STANDIN_DEVICES", "memory=12000000000");
    }
    assertThat(process.start().waitFor()).as("%s", words).isZero();
    if (Files.exists(part)) {
      Files.move(part, counts);
    }
  }

  private Work difference(Term term) throws IOException, InterruptedException {
    return work(term.work(), term.to()).plus(-1, work(term.work(), term.from()));
  }

  @Test
  void whatGoalsTake() throws IOException, InterruptedException {
    var results = System.getProperty("assay.results");
    assumeTrue(results != null, "assay.results is not set");
    var wanted = System.getProperty("assay.goals", "").split(",");
    var measurements = new ArrayList<Map<String, @Nullable Object>>();
    for (var row : ROWS) {
      if (Arrays.stream(wanted).noneMatch(row.name()::contains)) {
        continue;
      }
      var sum = Work.NONE;
      for (var term : row.terms()) {
        sum = sum.plus(term.times(), difference(term));
      }
      measurements.add(measured(row.name(), row.goal(), sum));
    }
    for (var work : COMPARED) {
      if (Arrays.stream(wanted).anyMatch(("a sample of " + work)::contains)) {
        measurements.add(sampled(work));
      }
    }
    if (Arrays.stream(wanted).anyMatch("11: mixed shapes"::contains)) {
      measurements.add(mixedShapes());
    }
    StandInResults.write(
        Path.of(String.valueOf(results)),
        "goals",
        measurements,
        "./mvnw -pl src test-compile surefire:test@default-test -Dtest=GoalRows"
            + " -Dassay.results=../results");
  }

  /// A sample's time, in shares of that by all blocks.
  private Map<String, @Nullable Object> sampled(String work)
      throws IOException, InterruptedException {
    double all = difference(new Term(1, work, 0, 1)).milliseconds();
    double some = difference(new Term(1, work + " " + SAMPLED, 0, 1)).milliseconds();
    System.out.printf("%-45s %.4f of %.4f ms%n", "a sample of " + work, some, all);
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("work", "a sample of " + work);
    return TestResults.measurement(
        "standin.goals", parameters, some / all, "times what all blocks are counted to");
  }

  private static Map<String, @Nullable Object> measured(String name, double goal, Work sum) {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("work", name);
    if (!Double.isNaN(goal)) {
      parameters.put("goal", "%.4g ms".formatted(goal));
    }
    parameters.put("launches", Long.toString(Math.round(sum.launches())));
    parameters.put("kernels", String.join(", ", sum.largest(6)));
    System.out.printf("%-45s %7.4g of %6.4g ms  %s%n", name, sum.milliseconds(), goal, parameters);
    return TestResults.measurement(
        "standin.goals", parameters, sum.milliseconds(), "ms, estimated for an " + CARD);
  }

  /// Lanes of eight widths, in turn the next one on the multiprocessor that is free first, against
  /// as many that all take the average.
  private Map<String, @Nullable Object> mixedShapes() throws IOException, InterruptedException {
    var widths = IntStream.rangeClosed(1, 8).map(i -> 16 * i).toArray();
    var each = new double[widths.length];
    for (int i = 0; i < each.length; i++) {
      each[i] = difference(epoch("FP32", widths[i])).milliseconds();
    }
    double average = Arrays.stream(each).average().orElseThrow();
    double mixed = makespan(lane -> each[lane % each.length]);
    double ratio = mixed / makespan(_ -> average);
    System.out.printf("11: %.2f times, lanes of %s ms%n", ratio, Arrays.toString(each));
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("work", "11: mixed shapes, against the same work in one");
    parameters.put("goal", "1.3");
    return TestResults.measurement(
        "standin.goals", parameters, ratio, "times, estimated for an " + CARD);
  }

  private static double makespan(ToDoubleFunction<Integer> lane) {
    var busy = new double[MULTIPROCESSORS];
    for (int i = 0; i < LANES; i++) {
      int first = 0;
      for (int k = 1; k < busy.length; k++) {
        first = busy[k] < busy[first] ? k : first;
      }
      busy[first] += lane.applyAsDouble(i);
    }
    return Arrays.stream(busy).max().orElseThrow();
  }
}
