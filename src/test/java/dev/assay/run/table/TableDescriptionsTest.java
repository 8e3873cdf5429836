package dev.assay.run.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.problem.Problem;
import dev.assay.sampler.Samplers;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Objective;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a table may be: with holes, repeats and mirrored parameters; what is refused; and several
/// processes.
class TableDescriptionsTest extends TableRunnerCase {
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
