package dev.assay.run.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.problem.Problem;
import dev.assay.pruner.Pruners;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.Objective;
import dev.assay.trial.Report;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableRunnerTest {
  private static final String CURVES =
      """
      config,lr,act,status,loss_1,loss_2,loss_3,time_s_1,time_s_2,time_s_3
      0,0.001,relu,ok,0.9,0.8,0.7,10,20,30
      1,0.1,relu,ok,0.8,0.5,0.4,1,2,3
      2,0.001,tanh,diverged,0.9,,,10,,
      3,0.1,tanh,ok,0.7,0.6,,2,5,
      """;
  private static final String CURVES_JSON =
      """
      {"parameters": {"lr": {"type": "float", "min": 0.0001, "max": 1, "log": true},
                      "act": {"type": "categorical", "values": ["relu", "tanh"]}},
       "metric": "loss (nats)", "direction": "minimize"}
      """;

  private static final String GRID =
      """
      tile,vec,shared,status,time_ms,compile_time,benchmark_time_ms
      8,1,0,ok,4.5,1000,500
      8,2,0,compile_error,,2000,
      16,1,1,ok,2.25,0,250
      """;
  private static final String GRID_JSON =
      """
      {"parameters": {"tile": [8, 16], "vec": [1, 2], "shared": [0, 1]},
       "objective": "time_ms", "direction": "minimize"}
      """;

  @TempDir Path directory;

  private ReplayTable table(String csv, String json) {
    try {
      try (var out = new GZIPOutputStream(Files.newOutputStream(directory.resolve("t.csv.gz")))) {
        out.write(csv.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
      Files.writeString(directory.resolve("t.json"), json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ReplayTable.read(directory.resolve("t.csv.gz"));
  }

  private static Study<Configuration> study(ReplayTable table, int batch, Object... starts) {
    var builder =
        Study.over(around(table))
            .objective(new Objective(table.metric(), table.direction()))
            .sampler(Samplers.random())
            .batch(batch);
    for (int i = 0; i < starts.length; i += 2) {
      builder.start(Map.of("lr", starts[i], "act", starts[i + 1]));
    }
    return builder.open();
  }

  /// The table's parameters in a space of its own, so that configurations lie between the rows.
  private static SearchSpace around(ReplayTable table) {
    var builder = SearchSpace.builder();
    table.space().parameters().forEach(builder::add);
    return builder.build();
  }

  private static TableRunner runner(ReplayTable table) {
    return new TableRunner(
        "t.csv.gz", table, List.of(new Objective(table.metric(), table.direction())), "mean");
  }

  private static double simulated(TrialRecord trial, String key) {
    var timeline =
        (Map<?, ?>) java.util.Objects.requireNonNull(trial.attributes().get("simulated"));
    return ((Number) java.util.Objects.requireNonNull(timeline.get(key))).doubleValue();
  }

  @Test
  void curvesAreReportsAndCostsPassOnTheClock() {
    var table = table(CURVES, CURVES_JSON);
    try (var study = study(table, 0, 0.1, "relu", 0.001, "relu")) {
      var result = runner(table).run(study, Budget.trials(2), 1);
      var first = study.trials().get(0);
      assertThat(first.reports())
          .containsExactly(
              new Report(1, List.of(0.8)),
              new Report(2, List.of(0.5)),
              new Report(3, List.of(0.4)));
      assertThat(first.values()).containsExactly(0.4);
      assertThat(simulated(first, "end")).isEqualTo(3);
      assertThat(simulated(study.trials().get(1), "start")).isEqualTo(3);
      assertThat(simulated(study.trials().get(1), "end")).isEqualTo(33);
      assertThat(result.reason()).isEqualTo(StopReason.TRIALS);
      assertThat(study.facts().get(TableRunner.FACT))
          .isEqualTo(Map.of("time", 33.0, "unit", "seconds", "workers", 1));
    }
  }

  /// Two workers: the short run's worker takes the third trial at 3 s and is done at 8 s.
  @Test
  void workersRunSideBySide() {
    var table = table(CURVES, CURVES_JSON);
    try (var study = study(table, 0, 0.001, "relu", 0.1, "relu", 0.1, "tanh")) {
      runner(table).run(study, Budget.trials(3), 2);
      var trials = study.trials();
      assertThat(trials)
          .extracting(trial -> simulated(trial, "start"))
          .containsExactly(0.0, 0.0, 3.0);
      assertThat(trials)
          .extracting(trial -> simulated(trial, "end"))
          .containsExactly(30.0, 3.0, 8.0);
      assertThat(trials)
          .extracting(trial -> simulated(trial, "worker"))
          .containsExactly(0.0, 1.0, 1.0);
    }
  }

  /// A batch waits for its slowest member.
  @Test
  void batchesWait() {
    var table = table(CURVES, CURVES_JSON);
    try (var study = study(table, 2, 0.001, "relu", 0.1, "relu")) {
      runner(table).run(study, Budget.trials(4), 2);
      assertThat(study.trials())
          .extracting(trial -> simulated(trial, "start"))
          .containsExactly(0.0, 0.0, 30.0, 30.0);
    }
  }

  @Test
  void aRowThatDivergedFailsAtItsLastPoint() {
    var table = table(CURVES, CURVES_JSON);
    try (var study = study(table, 0, 0.001, "tanh")) {
      runner(table).run(study, Budget.trials(1), 1);
      var trial = study.trials().getFirst();
      assertThat(trial.cause()).isEqualTo(Cause.DIVERGED);
      assertThat(trial.reports()).hasSize(1);
      assertThat(simulated(trial, "end")).isEqualTo(10);
    }
  }

  @Test
  void aShortCurveEndsWithItsLastValue() {
    var table = table(CURVES, CURVES_JSON);
    try (var study = study(table, 0, 0.1, "tanh")) {
      runner(table).run(study, Budget.trials(1), 1);
      assertThat(study.trials().getFirst().values()).containsExactly(0.6);
    }
  }

  /// Distances are those of logarithms; the row that was taken is said.
  @Test
  void aSampleGivesTheNearestRow() {
    var table = table(CURVES, CURVES_JSON);
    try (var study = study(table, 0, 0.02, "relu", 0.002, "relu")) {
      runner(table).run(study, Budget.trials(2), 1);
      assertThat(study.trials())
          .extracting(trial -> trial.attributes().get("row"))
          .containsExactly(1, 0);
      assertThat(study.trials().getFirst().attributes().get("row_parameters"))
          .isEqualTo(Map.of("lr", 0.1, "act", "relu"));
      assertThat(runner(table).describe()).containsEntry("match", "nearest row");
    }
  }

  /// Nothing but rows is proposed, so that whoever is right finds what the row says.
  @Test
  void aSampleProposesEachOfItsRowsOnce() {
    var table = table(CURVES, CURVES_JSON);
    try (var study =
        Study.over(table.space())
            .minimize("loss")
            .sampler(Samplers.random())
            .start(Map.of("lr", 0.02, "act", "relu"))
            .open()) {
      var result = runner(table).run(study, Budget.trials(100), 1);
      assertThat(result.reason()).isEqualTo(StopReason.SPACE_EXHAUSTED);
      // What start asked for is no row; the others are the rows, by their own values.
      assertThat(study.trials().stream().skip(1).map(trial -> trial.attributes().get("row")))
          .hasSize(table.rows())
          .doesNotHaveDuplicates();
      for (var trial : study.trials().subList(1, study.trials().size())) {
        assertThat(trial.attributes().get("row_parameters"))
            .isEqualTo(trial.configuration().values());
      }
    }
  }

  @Test
  void prunedRunsFreeTheirWorkerAtOnce() {
    var table = table(CURVES, CURVES_JSON);
    try (var study =
        Study.over(table.space())
            .minimize("loss")
            .sampler(Samplers.random())
            .pruner(Pruners.threshold(0, 0.85))
            .start(Map.of("lr", 0.001, "act", "relu"))
            .open()) {
      runner(table).run(study, Budget.trials(1), 1);
      var trial = study.trials().getFirst();
      assertThat(trial.state()).isEqualTo(TrialState.PRUNED);
      assertThat(simulated(trial, "end")).isEqualTo(10);
    }
  }

  @Test
  void aTimeBudgetCountsSimulatedTime() {
    var table = table(CURVES, CURVES_JSON);
    try (var study = study(table, 0, 0.1, "relu", 0.001, "relu", 0.1, "relu")) {
      var result = runner(table).run(study, Budget.UNLIMITED.within(Duration.ofSeconds(20)), 1);
      assertThat(result.reason()).isEqualTo(StopReason.TIME);
      // The one under way at 20 s is let finish.
      assertThat(study.trials().stream().filter(trial -> trial.state() == TrialState.COMPLETE))
          .hasSize(2);
    }
  }

  @Test
  void anInterruptedReplayGivesItsTrialsBack() {
    var table = table(CURVES, CURVES_JSON);
    try (var study = study(table, 0)) {
      Thread.currentThread().interrupt();
      var result = runner(table).run(study, Budget.trials(5), 2);
      assertThat(result.reason()).isEqualTo(StopReason.INTERRUPTED);
      assertThat(study.count(TrialState.WAITING)).isEqualTo(2);
      assertThat(runner(table).run(study, Budget.trials(5), 2).reason())
          .isEqualTo(StopReason.TRIALS);
      assertThat(study.trials()).hasSize(5);
    }
  }

  /// Only what the table has is proposed, and every configuration of it once.
  @Test
  void aGridWithHolesIsSearchedWithoutThem() {
    var table = table(GRID, GRID_JSON);
    try (var study =
        Study.over(table.space()).minimize("time_ms").sampler(Samplers.grid()).open()) {
      var result = runner(table).run(study, Budget.UNLIMITED, 1);
      assertThat(result.reason()).isEqualTo(StopReason.SPACE_EXHAUSTED);
      assertThat(study.trials())
          .extracting(trial -> trial.attributes().get("row"))
          .containsExactlyInAnyOrder(0, 1, 2);
      assertThat(study.best().getFirst().values()).containsExactly(2.25);
      var failed = study.trials().stream().filter(trial -> trial.cause() != null).toList();
      assertThat(failed).hasSize(1);
      assertThat(failed.getFirst().detail()).contains("compile error");
      assertThat(study.facts().get(TableRunner.FACT))
          .isEqualTo(Map.of("time", 3.75, "unit", "seconds", "workers", 1));
    }
  }

  @Test
  void aConfigurationThatTheGridLacksFails() {
    var table = table(GRID, GRID_JSON);
    var space =
        SearchSpace.builder()
            .add("tile", dev.assay.space.Choice.of(16))
            .add("vec", dev.assay.space.Choice.of(2))
            .add("shared", dev.assay.space.Choice.of(0))
            .build();
    table.check(space);
    try (var study = Study.over(space).minimize("time_ms").sampler(Samplers.random()).open()) {
      runner(table).run(study, Budget.trials(1), 1);
      assertThat(study.trials().getFirst().detail()).contains("no such configuration");
    }
  }

  @Test
  void repeatsAreAveragedOrDrawn() {
    var table =
        table(
            "a,acc_seed0,acc_seed1,acc_seed2\nx,1,2,\ny,5,5,5\n",
            """
            {"parameters": {"a": {"type": "categorical", "values": ["x", "y"]}},
             "metric": "acc", "direction": "maximize"}
            """);
    var objectives = List.of(Objective.maximize("acc"));
    try (var study = Study.over(table.space()).maximize("acc").sampler(Samplers.random()).open()) {
      for (int i = 0; i < 20; i++) {
        study.enqueue(Map.of("a", "x"));
      }
      new TableRunner("t", table, objectives, "mean").run(study, Budget.trials(20), 1);
      assertThat(study.trials()).allSatisfy(trial -> assertThat(trial.value()).isEqualTo(1.5));
    }
    try (var study = Study.over(table.space()).maximize("acc").sampler(Samplers.random()).open()) {
      for (int i = 0; i < 20; i++) {
        study.enqueue(Map.of("a", "x"));
      }
      new TableRunner("t", table, objectives, "draw").run(study, Budget.trials(20), 1);
      assertThat(study.trials()).extracting(TrialRecord::value).contains(1.0, 2.0);
      assertThat(study.trials()).extracting(TrialRecord::value).containsOnly(1.0, 2.0);
    }
  }

  /// What is spread by the logarithm of 1 − x is searched as that.
  @Test
  void mirroredParametersAreSearchedAsOneMinus() {
    var table =
        table(
            "beta,loss\n0.9,1\n0.99,2\n0.999,3\n",
            """
            {"parameters": {"beta": {"type": "float", "log": true, "log_of": "1 - x"}},
             "metric": "loss", "direction": "minimize"}
            """);
    var range = (FloatRange) table.space().parameters().getFirst().distribution();
    assertThat(range.log()).isTrue();
    assertThat(range.low()).isCloseTo(0.001, within(1e-12));
    assertThat(range.high()).isCloseTo(0.1, within(1e-12));
    var at = table.space().configuration(Map.of("one_minus_beta", 0.012));
    assertThat(table.row(at)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                              | parameters: absent
          {"parameters": {"a": [1]}}                                      | metric: absent
          {"parameters": {"a": [1]}, "metric": "m"}                       | direction: absent
          {"parameters": {"z": [1]}, "metric": "m", "direction": "minimize"} | lacks a column
          {"parameters": {"a": [1]}, "metric": "m", "direction": "minimize"} | does not list
          {"parameters": {"a": {"type": "odd"}}, "metric": "m", "direction": "minimize"} | Give a type
          {"parameters": {"a": [1, 1]}, "metric": "m", "direction": "minimize"} | stands twice
          nonsense                                                        | cannot be read
          """)
  void descriptionsThatDoNotFitAreRefused(String json, String said) {
    assertThatThrownBy(() -> table("a,m\n1,0.5\n2,0.7\n", json))
        .isInstanceOf(Problem.class)
        .hasMessageContaining(said);
  }

  @Test
  void objectivesThatAreNotRecordedAreRefused() {
    var table = table(CURVES, CURVES_JSON);
    assertThatThrownBy(
            () -> new TableRunner("t", table, List.of(Objective.minimize("los")), "mean"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("loss");
    assertThatThrownBy(
            () -> new TableRunner("t", table, List.of(Objective.maximize("loss")), "mean"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("minimize");
  }

  @Test
  void spacesThatDoNotFitAreRefused() {
    var table = table(GRID, GRID_JSON);
    var space =
        SearchSpace.builder()
            .add("tile", new dev.assay.space.IntRange(8, 16, false, 1))
            .add("vec", dev.assay.space.Choice.of(2))
            .add("shared", dev.assay.space.Choice.of(0))
            .build();
    assertThatThrownBy(() -> table.check(space))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("tile = 9");
    assertThatThrownBy(() ->
            table.check(SearchSpace.builder().add("tile", dev.assay.space.Choice.of(8)).build()))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("vec");
  }

  /// One study in a file, by as many who have it open at the same time as are wanted.
  private List<TrialRecord> replayed(Path file, int batch, int processes) throws Exception {
    var table = table(CURVES, CURVES_JSON);
    try (var threads = Executors.newFixedThreadPool(processes)) {
      var tasks = new ArrayList<Callable<StopReason>>();
      for (int i = 0; i < processes; i++) {
        tasks.add(() -> {
          try (var storage = new SqliteStorage(file);
              var study =
                  Study.over(around(table))
                      .objective(new Objective(table.metric(), table.direction()))
                      .sampler(Samplers.random())
                      .batch(batch)
                      .storage(storage)
                      .openOrCreate()) {
            return runner(table).run(study, Budget.trials(24), 2).reason();
          }
        });
      }
      for (var done : threads.invokeAll(tasks)) {
        assertThat(done.get()).isEqualTo(StopReason.TRIALS);
      }
    }
    try (var storage = new SqliteStorage(file);
        var stored = storage.read("study").orElseThrow()) {
      var trials = new ArrayList<TrialRecord>();
      stored.load(table.space(), trials::add);
      trials.sort(Comparator.comparingInt(TrialRecord::number));
      return trials;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4})
  void twoProcessesReplayOneStudy(int batch) throws Exception {
    var one = replayed(directory.resolve("one.db"), batch, 1);
    var two = replayed(directory.resolve("two.db"), batch, 2);
    assertThat(two).hasSize(24).allMatch(trial -> trial.state().isFinished());
    assertThat(two)
        .extracting(trial -> trial.number() + " " + trial.configuration() + " " + trial.values())
        .isEqualTo(
            one.stream()
                .map(t -> t.number() + " " + t.configuration() + " " + t.values())
                .toList());
  }

  @Test
  void aPausedReplayWaits() throws Exception {
    var table = table(CURVES, CURVES_JSON);
    try (var study = study(table, 0);
        var threads = Executors.newSingleThreadExecutor()) {
      study.pause();
      var result = threads.submit(() -> runner(table).run(study, Budget.trials(5), 2));
      study.resume();
      assertThat(result.get().reason()).isEqualTo(StopReason.TRIALS);
      assertThat(study.count(TrialState.COMPLETE) + study.count(TrialState.FAILED)).isEqualTo(5);
    }
  }
}
