package dev.assay.run.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.assay.problem.Problem;
import dev.assay.trial.Cause;
import dev.assay.trial.Direction;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelCacheTest {
  private static final String CACHE =
      """
      {
      "device_name": "A card",
      "kernel_name": "add",
      "problem_size": [1024, 1],
      "tune_params_keys": ["block_x", "mode"],
      "tune_params": {"block_x": [16, 32, 64], "mode": ["a", "b"]},
      "objective": "time",
      "cache": {
      "16,a": {"block_x": 16, "mode": "a", "time": 1.5, "times": [1.4, 1.6], "compile_time": 200.0, "benchmark_time": 5.0},
      "32,a": {"block_x": 32, "mode": "a", "time": "CompilationFailedConfig", "compile_time": 10.0},
      "32,b": {"block_x": 32, "mode": "b", "time": 0.5, "times": [0.5], "compile_time": 100.0, "benchmark_time": 3.0}\
      """;

  private static final String T4 =
      """
      {"schema_version": "1.0.0", "metadata": {}, "results": [
        {"configuration": {"block_x": 16, "mode": "a"}, "invalidity": "correct", "objectives": ["time"],
         "times": {"compilation": 200, "runtimes": [1.4, 1.6]},
         "measurements": [{"name": "time", "value": 1.5, "unit": "milliseconds"}]},
        {"configuration": {"block_x": 32, "mode": "a"}, "invalidity": "compile", "objectives": ["time"],
         "times": {"compilation": 10, "runtimes": []}, "measurements": []},
        {"configuration": {"block_x": 32, "mode": "b"}, "invalidity": "correct", "objectives": ["GFLOP/s"],
         "times": {"compilation": 100, "runtimes": [0.25, 0.75]}, "measurements": []}
      ]}
      """;

  @TempDir private Path directory;

  private ReplayTable table(String text) throws IOException {
    var file = directory.resolve("cache.json");
    Files.writeString(file, text);
    return ReplayTable.read(file);
  }

  private static Outcome outcome(ReplayTable table, int block, String mode) {
    var runs =
        new RecordedRuns(table, java.util.List.of(new Objective("time_ms", Direction.MINIMIZE)));
    int row = table.row(table.space().configuration(Map.of("block_x", block, "mode", mode)));
    return runs.outcome(row, RecordedRuns.Repeats.MEAN, 0);
  }

  /// Closed; as its tuner leaves it; and cut off in the middle of what it wrote last.
  @ParameterizedTest
  @ValueSource(strings = {"}\n}", ",\n", ",\n\"64,a\": {\"block_x\": 64, \"mode\": \"a\", \"ti"})
  void aCacheFileIsATableHoweverItEnds(String end) throws IOException {
    var table = table(CACHE + end);
    assertThat(table.rows()).isEqualTo(3);
    assertThat(table.metric()).isEqualTo("time_ms");
    assertThat(outcome(table, 16, "a")).isEqualTo(Outcome.complete(1.5));
    assertThat(outcome(table, 32, "b")).isEqualTo(Outcome.complete(0.5));
    assertThat(outcome(table, 32, "a"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.cause()).isEqualTo(Cause.ERROR);
              assertThat(failed.detail()).contains("CompilationFailedConfig");
            });
  }

  @Test
  void resultsInT4AreTheSameTable() throws IOException {
    var table = table(T4);
    assertThat(table.rows()).isEqualTo(3);
    assertThat(outcome(table, 16, "a")).isEqualTo(Outcome.complete(1.5));
    assertThat(outcome(table, 32, "b")).isEqualTo(Outcome.complete(0.5));
    assertThat(outcome(table, 32, "a")).isInstanceOf(Outcome.Failed.class);
  }

  /// Python writes what is no number without quotes; it ended the table there, without a word.
  @Test
  void aTimeThatIsNoNumberFailsItsConfigurationAlone() throws IOException {
    var table = table(CACHE.replace("\"time\": 1.5", "\"time\": NaN") + "}}");
    assertThat(table.rows()).isEqualTo(3);
    assertThat(outcome(table, 16, "a"))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.cause()).isEqualTo(Cause.NOT_FINITE));
    assertThat(outcome(table, 32, "b")).isEqualTo(Outcome.complete(0.5));
  }

  /// KTT says the unit in the metadata, and writes parameters' values as texts.
  @Test
  void resultsOfKttAreTakenInTheirUnit() throws IOException {
    var text =
        T4.replace("\"metadata\": {}", "\"metadata\": {\"timeunit\": \"microseconds\"}")
            .replace("\"unit\": \"milliseconds\"", "\"unit\": \"\"")
            .replace("\"value\": 1.5", "\"value\": 1500")
            .replace("\"compilation\"", "\"compilation_time\"")
            .replaceAll("\"block_x\": ([0-9]+)", "\"block_x\": \"$1\"");
    var table = table(text);
    assertThat(outcome(table, 16, "a")).isEqualTo(Outcome.complete(1.5));
    assertThat(outcome(table, 32, "b")).isEqualTo(Outcome.complete(0.0005));
    assertThat(table.columns().numbers("compile_time")[0]).isEqualTo(0.2);
  }

  @Test
  void namesWithEscapesAndDeepValuesAreRead() throws IOException {
    var text =
        CACHE
            .replace("mode", "m\\u006fde")
            .replace(
                "\"compile_time\": 200.0",
                "\"deep\": {\"]\": [\"\\\"}\", [1, {}]]}, \"compile_time\": 200.0");
    assertThat(outcome(table(text + "}}"), 16, "a")).isEqualTo(Outcome.complete(1.5));
  }

  @Test
  void aConfigurationThatLacksAParameterIsNamed() {
    assertThatThrownBy(() ->
            table(CACHE.replace("\"block_x\": 32, \"mode\": \"b\"", "\"block_x\": 32") + "}}"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("lacks the parameter mode");
  }

  @Test
  void costsAreWhatCompilingAndMeasuringTook() throws IOException {
    var table = table(CACHE + "}}");
    var runs =
        new RecordedRuns(table, java.util.List.of(new Objective("time_ms", Direction.MINIMIZE)));
    assertThat(runs.unit()).isEqualTo("seconds");
    assertThat(runs.cost(0)).isCloseTo(0.205, within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "{}", "{\"cache\": {}}", "nonsense", "{\"cache\": {\"1\": {\"t"})
  void whatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> table(text)).isInstanceOf(Problem.class);
  }
}
