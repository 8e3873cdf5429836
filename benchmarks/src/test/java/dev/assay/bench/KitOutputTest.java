package dev.assay.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// What a kit's script leaves becomes one results file.
class KitOutputTest {
  private static final String CARD = "NVIDIA H200";
  private static final String DEVICE = CARD + ", 150.1 GB, compute capability 9.0";

  @TempDir Path directory;

  private static Measurement time(String name, double score, Map<String, String> parameters) {
    return new Measurement(name, parameters, score, null, "ms/op", score, score, null, null);
  }

  private void write(String name, @Nullable String device, boolean python, Measurement... rows) {
    Map<String, @Nullable Object> provenance = ResultsFile.provenance(false, device);
    if (python) {
      provenance.put("python", "3.12");
      provenance.put("versions", Map.of("botorch", "0.14"));
      provenance.put("missing", Map.of("gpytorch", "not installed: no module"));
    }
    new ResultsFile(ResultsFile.FORMAT, provenance, List.of(rows)).write(directory.resolve(name));
  }

  private void file(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private void doctor(String device) throws IOException {
    file(
        "doctor.json",
        """
        {"backends": [{"id": "cuda", "device": "%s", "checks": [
          {"name": "posterior", "passed": true, "error": 1e-12, "tolerance": 1e-9, "milliseconds": 2.5}]}],
         "chosen": "cuda"}
        """
            .formatted(device));
  }

  private void kit(String device) throws IOException {
    doctor(device);
    file(
        "steps.json",
        """
        {"step": "contract", "outcome": "passed", "seconds": 12, "limit": 60}
        {"step": "peers", "outcome": "failed", "seconds": 3, "limit": 60}
        {"step": "cut of\
        """);
    file(
        "contract.log",
        "[        41 tests successful      ]\n[         2 tests skipped         ]\n");
    file("peers.log", "first\nboom\n\n");
    write(
        "bench/a.json",
        device,
        false,
        time("GpBenchmark.refitAndSuggest", 2, Map.of("n", "100", "effort", "full")),
        time("GpBenchmark.refitAndSuggest", 9, Map.of("n", "1000", "effort", "full")));
    write("bench/cpu.json", null, false, time("training.device", 50, Map.of("hidden", "[128]")));
    write("peers.json", CARD, true, time("botorch.refitAndSuggest", 40, Map.of("n", "100")));
    file("bench/broken.json", "{");
  }

  private static List<Measurement> named(List<Measurement> all, String name) {
    return all.stream().filter(m -> m.benchmark().equals(name)).toList();
  }

  @Test
  void aPeerOfTheSameDeviceStandsBeside() throws IOException {
    kit(DEVICE);
    var all = KitOutput.read(directory).measurements();
    var refits = named(all, "GpBenchmark.refitAndSuggest");
    assertThat(refits).hasSize(2);
    assertThat(Objects.requireNonNull(refits.getFirst().peer()).version()).isEqualTo("0.14");
    assertThat(refits.getFirst().ratio()).isEqualTo(20);
    assertThat(refits.getLast().peer()).as("of another size").isNull();
    assertThat(named(all, "botorch.refitAndSuggest")).hasSize(1);
    assertThat(named(all, "training.device").getFirst().parameters())
        .as("measured on the processor")
        .containsKey("on");
  }

  @Test
  void aPeerOfAnotherDeviceDoesNot() throws IOException {
    kit("Assay test stand-in 0 (no GPU), 2.1 GB");
    var all = KitOutput.read(directory).measurements();
    assertThat(all).allMatch(m -> m.peer() == null);
    assertThat(named(all, "botorch.refitAndSuggest").getFirst().parameters())
        .containsEntry("on", CARD);
  }

  @Test
  void howTheStepsWentIsAmongTheFigures() throws IOException {
    kit(DEVICE);
    var all = KitOutput.read(directory).measurements();
    assertThat(named(all, "gpu.contract").getFirst().parameters())
        .containsEntry("outcome", "passed")
        .containsEntry("tests successful", "41")
        .containsEntry("tests skipped", "2");
    assertThat(named(all, "gpu.peers").getFirst().parameters())
        .containsEntry("outcome", "failed")
        .containsEntry("said", "boom")
        .containsEntry("gpytorch", "not installed: no module");
    assertThat(named(all, "gpu.unread").getFirst().parameters())
        .containsEntry("file", "bench/broken.json");
    assertThat(named(all, "doctor").getFirst().parameters()).containsEntry("passed", "yes");
  }

  private String gathered() throws IOException {
    assertThat(Main.run("gather", directory.toString(), "--out", directory + "/results")).isZero();
    try (Stream<Path> files = Files.walk(directory.resolve("results"))) {
      var names = new ArrayList<>(files.filter(f -> f.toString().endsWith("-gpu.json")).toList());
      var json = names.getFirst();
      assertThat(
              ResultsFileTest.schema()
                  .validate(JsonMapper.shared().readTree(Files.readString(json))))
          .isEmpty();
      return Files.readString(Path.of(json.toString().replaceFirst("json$", "md")));
    }
  }

  @Test
  void whatWasMeasuredOnAStandInSaysSo() throws IOException {
    kit("Assay test stand-in 0 (no GPU), 2.1 GB");
    assertThat(gathered()).startsWith("**Not measured on a GPU");
  }

  @Test
  void whatWasMeasuredOnACardDoesNotSaySo() throws IOException {
    kit(DEVICE);
    assertThat(gathered()).doesNotContain("Not measured").contains("20x faster", CARD);
  }

  @Test
  void withoutADeviceNothingIsAGpus() throws IOException {
    file("steps.json", "{\"step\": \"doctor\", \"outcome\": \"failed\", \"seconds\": 1}\n");
    file("doctor.log", "error: there is no driver\n");
    assertThat(gathered()).startsWith("**Not measured on a GPU").contains("there is no driver");
  }

  @Test
  void anotherDirectoryIsRefused() {
    assertThatThrownBy(() -> KitOutput.read(directory.resolve("none"))).isInstanceOf(Problem.class);
    assertThat(Main.run("gather", directory.toString())).isEqualTo(2);
  }
}
