package dev.assay.compare;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.device.BackendSelector;
import dev.assay.internal.engine.GpEngine;
import dev.assay.problem.Problem;
import dev.assay.spec.StudyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EqualCostTest {
  private static final Path TABLE =
      Path.of("../examples/tables/convolution__a100.csv.gz").toAbsolutePath();

  @TempDir Path directory;

  /// Of 2 trials: one that comes to 0.9 at once, and one that comes to a value at the end.
  private static FinishedRun run(
      String sampler, long seed, double last, double seconds, @Nullable Double joules) {
    return new FinishedRun(
        "branin",
        sampler,
        seed,
        "",
        2,
        2,
        0,
        0,
        seconds,
        0,
        null,
        joules,
        new FinishedRun.Improvements(
            new int[] {1, 2},
            new double[] {0.9, last},
            new double[] {seconds / 2, seconds},
            null,
            joules == null ? null : new double[] {joules / 2, joules}));
  }

  /// One sampler that finds more and spends ten times as much, on the wall and in joules.
  private static CaseResult judged(@Nullable String at, @Nullable Double joules) {
    var spec = SearchCase.of("branin", List.of()).source().get();
    var runs = new ArrayList<FinishedRun>();
    for (long seed = 1; seed <= 6; seed++) {
      runs.add(run("random", seed, 0.1, 100 + seed, joules == null ? null : 10 * joules + seed));
      runs.add(run("tpe", seed, 0.5, 10 + seed, joules == null ? null : joules + seed));
    }
    return CaseResult.of("branin", spec, Contender.parse("random,tpe"), runs, 1, null, 1, at);
  }

  @Test
  void whoSpendsMoreIsNotJudgedByWhatTheOthersDidNotSpend() {
    var atEnd = judged(null, null);
    assertThat(atEnd.judged()).isNull();
    assertThat(atEnd.standings().getFirst().sampler()).isEqualTo("random");
    var atCost = judged("cost", null);
    assertThat(requireNonNull(atCost.judged()))
        .isEqualTo(new CaseResult.EqualCost(FinishedRun.Axis.SECONDS, "seconds", 11));
    assertThat(atCost.standings().getFirst())
        .satisfies(first -> {
          assertThat(first.sampler()).isEqualTo("tpe");
          assertThat(first.median()).isEqualTo(0.9); // five of six had not come further
        });
    assertThat(atCost.pairs().getFirst().test().pairs()).isEqualTo(6);
  }

  @Test
  void aMetricMayBeTheCost() {
    var judged = judged("joules", 10.0);
    assertThat(requireNonNull(judged.judged()))
        .isEqualTo(new CaseResult.EqualCost(FinishedRun.Axis.COST, "joules", 11));
    assertThat(judged.standings().getFirst().sampler()).isEqualTo("tpe");
    assertThat(judged.curves())
        .extracting(CaseResult.Curves::axis)
        .containsExactly(FinishedRun.Axis.TRIALS, FinishedRun.Axis.COST, FinishedRun.Axis.SECONDS);
    assertThatThrownBy(() -> judged("joules", null))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("no joules above 0")
        .hasMessageContaining("--at cost");
  }

  /// Who found nothing has lost, whatever that cost, and is no measure of what others spent.
  @Test
  void aRunThatFoundNothingNeedNotSayWhatItCost() {
    var spec = SearchCase.of("branin", List.of()).source().get();
    var nothing =
        new FinishedRun.Improvements(new int[0], new double[0], new double[0], null, null);
    var runs =
        List.of(
            run("random", 1, 0.1, 1, 20.0),
            new FinishedRun("branin", "tpe", 1, "", 2, 0, 0, 2, 1, 0, null, null, nothing));
    var contenders = Contender.parse("random,tpe");
    var one = CaseResult.of("branin", spec, contenders, runs, 1, null, 1, "joules");
    assertThat(requireNonNull(one.judged()).spent()).isEqualTo(20);
    assertThat(one.standings().getFirst().median()).isEqualTo(0.1);
    assertThat(one.standings().getLast().median()).isNull();
  }

  private ComparisonResult compare(int trials, @Nullable String at, SearchCase one)
      throws InterruptedException {
    try (var log = RunLog.open(directory.resolve("runs.jsonl"))) {
      return new Comparison(
              Contender.parse("random,sobol"),
              new Comparison.Settings(2, 1, trials, 1, at, directory),
              log,
              new BackendSelector().choose("cpu"),
              GpEngine.standard(),
              (_, _) -> {})
          .run(List.of(one), (_, _) -> {});
    }
  }

  /// What was run for a comparison at the ends is judged at equal time without a new run.
  @Test
  void timeIsTheSimulatedClockWhereThereIsOne() throws Exception {
    var table = SearchCase.of(TABLE.toString(), List.of());
    assertThat(compare(6, null, table).cases().getFirst().judged()).isNull();
    var file = directory.resolve("runs.jsonl");
    var kept = Files.readString(file);
    var judged = requireNonNull(compare(6, "cost", table).cases().getFirst().judged());
    assertThat(judged.axis()).isEqualTo(FinishedRun.Axis.SIMULATED);
    assertThat(judged.unit()).isEqualTo("seconds");
    assertThat(judged.spent()).isPositive();
    assertThat(Files.readString(file)).isEqualTo(kept);
  }

  /// Of all trials that ended, whether they came to a value or not.
  @Test
  void whatTrialsCostIsAddedUp() throws Exception {
    var spec =
        StudyFile.parse(
            directory.resolve("s.yaml"),
            """
            objective: {command: [sh, -c, 'echo "@assay {\\"loss\\": {x}, \\"joules\\": 2.5}"']}
            minimize: loss
            space: {x: {float: [0, 1]}}
            """,
            List.of());
    var one = new SearchCase("s", () -> spec);
    var judged = requireNonNull(compare(3, "joules", one).cases().getFirst().judged());
    assertThat(judged).isEqualTo(new CaseResult.EqualCost(FinishedRun.Axis.COST, "joules", 7.5));
    var seconds = requireNonNull(compare(3, "seconds", one).cases().getFirst().judged());
    assertThat(seconds.axis()).isEqualTo(FinishedRun.Axis.COST);
    assertThat(seconds.spent()).isPositive();
    Files.delete(directory.resolve("runs.jsonl"));
    assertThatThrownBy(() -> compare(3, "jouls", one)).hasMessageContaining("no jouls above 0");
    // Not after all four.
    assertThat(Files.readString(directory.resolve("runs.jsonl")).lines().count()).isLessThan(4);
  }
}
