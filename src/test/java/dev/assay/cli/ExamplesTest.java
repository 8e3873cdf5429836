package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The programs in `examples/`, run as a user runs them.
@Timeout(120)
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();

  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    out.reset();
    err.reset();
    return Main.run(new Console(new PrintStream(out), new PrintStream(err)), args);
  }

  private JsonNode tune(String file, String... more) {
    var args =
        new ArrayList<>(
            List.of(
                "tune",
                EXAMPLES.resolve(file).toString(),
                "--storage",
                "sqlite:" + directory.resolve("study.db"),
                "--json"));
    args.addAll(List.of(more));
    assertThat(run(args.toArray(new String[0]))).as(() -> err.toString()).isZero();
    return JsonMapper.shared().readTree(out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void adultIsTunedRefittedAndApplied() throws Exception {
    var small =
        new String[] {
          "--set", "objective.fixed={epochs: 1, schedule: constant}",
          "--set", "space={hidden: {int: [4, 8]}}",
          "--trials", "2"
        };
    var result = tune("adult.yaml", small);
    assertThat(result.at("/best/0/values/roc_auc").asDouble()).isGreaterThan(0.85);
    var model = directory.resolve("model");
    assertThat(Files.exists(model.resolve("model.safetensors"))).isTrue();
    var data = EXAMPLES.resolve("data/adult.csv.gz").toString();
    assertThat(run("predict", model.toString(), data, "--json")).isZero();
    var scores = JsonMapper.shared().readTree(out.toString(StandardCharsets.UTF_8));
    assertThat(scores.get("roc_auc").asDouble()).isGreaterThan(0.85);
  }

  /// No fixed parameter comes beyond 0.39: only a schedule does.
  @Test
  void aPopulationOfPythonProgramsFindsASchedule() {
    assumeTrue(runs("python3", "-c", "pass"), "needs python3");
    var pbt = "sampler={pbt: {population: 3, interval: 10, steps: 40, resample: 1}}";
    var result = tune("population.yaml", "--set", pbt);
    assertThat(result.at("/best/0/values/quality").asDouble()).isGreaterThan(0.7);
    assertThat(result.at("/best/0/schedule").size()).isGreaterThan(1);
    assertThat(run("best", "sqlite:" + directory.resolve("study.db"))).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("Its schedule:", "surrogate");
  }

  @Test
  void trainingsArePausedAndGoneOnWith() {
    var result =
        tune(
            "curves-digits.yaml",
            "--set",
            "objective.fixed={epochs: 10}",
            "--set",
            "sampler.freeze_thaw.starts=4",
            "--trials",
            "20",
            "--set",
            "refit=true");
    assertThat(result.at("/trials/completed").asInt()).isEqualTo(20);
    // Values of one configuration at different steps are no noise.
    assertThat(result.has("recommended")).isFalse();
    assertThat(Files.exists(directory.resolve("model/model.safetensors"))).isTrue();
  }

  @Test
  void aTorchProgramGoesOnFromItsCheckpoint() {
    assumeTrue(runs("python3", "-c", "import torch"), "needs torch");
    var result = tune("curves.yaml", "--set", "sampler.freeze_thaw.starts=3", "--trials", "10");
    assertThat(result.at("/trials/completed").asInt()).isEqualTo(10);
  }

  @Test
  void aPopulationIsTrainedAndRefitted() {
    var result =
        tune(
            "population-digits.yaml",
            "--set",
            "objective.fixed={epochs: 6, optimizer: sgd, hidden: 16}",
            "--set",
            "objective.cv=2",
            "--set",
            "sampler.pbt.population=6",
            "--set",
            "refit=true");
    assertThat(result.at("/trials/completed").asInt()).isEqualTo(12);
    assertThat(Files.exists(directory.resolve("model/model.safetensors"))).isTrue();
  }

  @Test
  void pricesOfHousesArePredicted() {
    var result =
        tune(
            "california.yaml",
            "--trials",
            "1",
            "--set",
            "objective.fixed={epochs: 2, optimizer: adamw}",
            "--set",
            "refit=false");
    assertThat(result.at("/best/0/values/rmse").asDouble()).isBetween(40_000.0, 120_000.0);
  }

  private static boolean runs(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (java.io.IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aShellScriptThatKnowsNothingOfAssay() {
    assumeTrue(runs("/bin/sh", "-c", "true"), "needs a POSIX shell");
    var result = tune("shell.yaml");
    assertThat(result.at("/trials/completed").asInt()).isEqualTo(20);
    assertThat(result.at("/best/0/values/seconds").asInt()).isLessThan(100);
  }

  @Test
  void aPythonProgramThatReportsAndStops() {
    assumeTrue(runs("python3", "-c", "pass"), "needs python3");
    var result = tune("minimal.yaml", "--trials", "8");
    int completed = result.at("/trials/completed").asInt();
    assertThat(completed + result.at("/trials/pruned").asInt()).isEqualTo(8);
    assertThat(result.at("/best/0/values/error").asDouble()).isLessThan(1);
    assertThat(result.at("/trials/failed").asInt()).isZero();
  }

  @Test
  void underTorchrunOnlyTheFirstRankReports() throws Exception {
    assumeTrue(runs("python3", "-c", "pass"), "needs python3");
    var reports = directory.resolve("reports");
    for (var rank : List.of("0", "1")) {
      var builder =
          new ProcessBuilder("python3", "-c", "import assay; assay.report(1, final=True, loss=0.5)")
              .directory(EXAMPLES.toFile())
              .inheritIO();
      builder.environment().put("RANK", rank);
      builder.environment().put("ASSAY_REPORT", reports.toString());
      builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
      assertThat(builder.start().waitFor()).isZero();
    }
    assertThat(Files.readAllLines(reports))
        .containsExactly("{\"step\": 1, \"loss\": 0.5, \"final\": true}");
  }

  @Test
  void tryShowsTheWiringAndHowToMendIt() throws Exception {
    assumeTrue(runs("/bin/sh", "-c", "true"), "needs a POSIX shell");
    assertThat(run("try", EXAMPLES.resolve("shell.yaml").toString(), "--set", "name=t")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("command     ./shell.sh --width=", "ran with width", "found       seconds");
    var study =
        Files.writeString(
            directory.resolve("study.yaml"),
            """
            name: t
            objective: {command: [sh, -c, "echo val_loss = 0.25"]}
            minimize: val_loss
            space: {x: {float: [0, 1]}}
            """);
    assertThat(run("try", study.toString())).isEqualTo(ExitCode.NO_TRIAL_COMPLETED);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains(
            "not found   val_loss",
            "@assay {\"step\": 1, \"val_loss\": 0.5}",
            "value: {number: val_loss}");
  }
}
