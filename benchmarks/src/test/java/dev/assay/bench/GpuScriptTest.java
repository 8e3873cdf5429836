package dev.assay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Whatever a step of `gpu.sh` does, the others go on. In a kit whose programs are stubs.
@EnabledOnOs(OS.LINUX)
class GpuScriptTest {
  /// What is worth most on a card that is lent for ten minutes comes first.
  static final List<String> STEPS =
      List.of(
          "doctor",
          "training",
          "training-peers",
          "training-widths-peers",
          "ceilings",
          "refits",
          "refits-peers",
          "candidates",
          "candidates-peers",
          "contract",
          "kernels",
          "leaks",
          "memcheck",
          "racecheck",
          "gather");

  @TempDir Path kit;

  private void program(String name, String script) throws IOException {
    var file = kit.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  @BeforeEach
  void stubs() throws IOException {
    Files.createDirectories(kit.resolve("peers"));
    Files.copy(
        Path.of("peers/gpu.sh"),
        kit.resolve("peers/gpu.sh"),
        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    Files.createDirectories(kit.resolve("test"));
    Files.createDirectories(kit.resolve("lib"));
    program("runtime/bin/java", "echo '[    0 tests successful   ]'");
    program(
        "bin/assay",
        """
        case "$*" in
          doctor*) echo '{}' ;;
          "bench gp --backend cuda"*) echo begun; sleep 9753 & wait ;;
          "bench training device --backend cuda"*) echo boom; exit 7 ;;
        esac\
        """);
    program("tools/python3", "echo no torch; exit 3");
    // Limits of a second, so that nobody waits.
    program("tools/timeout", "shift 3; exec /usr/bin/timeout -k 1 1 \"$@\"");
  }

  private int run(String... words) throws Exception {
    var command = new java.util.ArrayList<>(List.of("/bin/sh", kit + "/peers/gpu.sh"));
    command.addAll(List.of(words));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(kit.resolve("said").toFile());
    process.environment().clear();
    process.environment().put("PATH", kit + "/tools:/usr/bin:/bin");
    return process.start().waitFor();
  }

  private Map<String, String> outcomes() throws IOException {
    var outcomes = new LinkedHashMap<String, String>();
    for (var line : Files.readAllLines(kit.resolve("out/steps.json"))) {
      var step = JsonMapper.shared().readTree(line);
      outcomes.put(step.get("step").asString(), step.get("outcome").asString());
    }
    return outcomes;
  }

  @Test
  void everyStepIsRunAndRecorded() throws Exception {
    assertThat(run("--quick", kit + "/out")).isEqualTo(1);
    assertThat(outcomes())
        .containsEntry("doctor", "passed")
        .containsEntry("contract", "failed") // no test ran
        .containsEntry("refits", "timed out")
        .containsEntry("refits-peers", "not installed")
        .containsEntry("training", "failed")
        .containsEntry("leaks", "passed")
        .containsEntry("gather", "passed")
        .hasSize(STEPS.size());
    assertThat(outcomes().keySet()).as("in the order of worth").containsExactlyElementsOf(STEPS);
    assertThatLimitsAddUp(kit.resolve("out/steps.json"), 600);
    assertThat(Files.readString(kit.resolve("out/steps.json")))
        .as("its share of ten minutes less twenty seconds")
        .startsWith("{\"step\": \"doctor\", \"outcome\": \"passed\", \"seconds\": ")
        .contains("\"limit\": 90}\n{\"step\": \"training\"");
    assertThat(Files.readString(kit.resolve("out/training.log"))).contains("boom");
    assertThat(ProcessHandle.allProcesses())
        .noneMatch(p -> p.info().commandLine().orElse("").contains("sleep 9753"));
  }

  /// Whatever its steps do, the whole ends in the given time: no step may go on beyond it.
  static void assertThatLimitsAddUp(Path steps, int seconds) throws IOException {
    int gone = 0;
    for (var line : Files.readAllLines(steps)) {
      var step = JsonMapper.shared().readTree(line);
      assertThat(gone + step.get("limit").asInt()).as(line).isLessThanOrEqualTo(seconds);
      gone += step.get("seconds").asInt();
    }
  }

  @Test
  void aSanitizerRunsTheContract() throws Exception {
    program("tools/compute-sanitizer", "echo \"$@\"; echo '========= ERROR SUMMARY: 0 errors'");
    assertThat(run("--step", "racecheck", kit + "/out")).isZero();
    assertThat(Files.readString(kit.resolve("said")))
        .startsWith("--tool racecheck --error-exitcode 9 runtime/bin/java ")
        .contains("DeviceGpEngineTest")
        .doesNotContain("DeviceTrainEngineTest");
  }

  @Test
  void aDirectoryIsNotUsedTwice() throws Exception {
    Files.createDirectories(kit.resolve("out"));
    Files.writeString(kit.resolve("out/steps.json"), "");
    assertThat(run(kit + "/out")).isEqualTo(2);
    assertThat(Files.readString(kit.resolve("said"))).contains("another directory");
  }

  @Test
  void whatIsNotUnderstoodIsRefused() throws Exception {
    assertThat(run("--fast", kit + "/out")).isEqualTo(2);
    assertThat(run("--minutes", "soon", kit + "/out")).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
    assertThat(Files.exists(kit.resolve("out"))).isFalse();
  }
}
