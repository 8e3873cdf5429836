package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TunedBlocksTest {
  /// As `assay kernel export --format wisdom` writes it, for two cards; the second was tuned twice.
  private static final String TUNED =
      """
      [
      {"study": "train_epoch_f32", "device": "NVIDIA A100", "best": [
        {"device": "NVIDIA A100", "given": {}, "parameters": {"threads": 64}, "values": {"time_ms": 1}, "trial": 3}]},
      {"study": "train_epoch_f32", "device": "NVIDIA H200", "best": [
        {"device": "NVIDIA H200", "given": {}, "parameters": {"threads": 96}, "values": {"time_ms": 1}, "trial": 3}]},
      {"study": "train_epoch_f32", "device": "NVIDIA H200", "best": [
        {"device": "NVIDIA H200", "given": {}, "parameters": {"threads": 128}, "values": {"time_ms": 1}, "trial": 0}]}
      ]
      """;

  @TempDir private Path directory;

  @AfterEach
  void forget() {
    System.clearProperty(TunedBlocks.PROPERTY);
  }

  @Test
  void eachCardHasWhatWasMeasuredOnIt() {
    assertThat(TunedBlocks.read("NVIDIA A100", TUNED).threads("train_epoch_f32")).isEqualTo(64);
    var latest = TunedBlocks.read("NVIDIA H200", TUNED);
    assertThat(latest.threads("train_epoch_f32")).isEqualTo(128);
    assertThat(latest.threads("multiply_factor_f64")).isEqualTo(TunedBlocks.USUAL);
    var other = TunedBlocks.read("NVIDIA L4", TUNED);
    assertThat(other.threads("train_epoch_f32")).isEqualTo(TunedBlocks.USUAL);
    assertThat(other.chosen()).isEmpty();
  }

  /// What is shipped can be read, whatever it has.
  @Test
  void theShippedFileIsWhole() {
    assertThat(TunedBlocks.read("NVIDIA H200", KernelImages.tuned())).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "{}",
        "[{}]",
        "[7]",
        "[{\"study\": \"fit_f64\", \"best\": []}]",
        "[{\"study\": \"train_epoch_f32\", \"best\": [{\"device\": \"A\", \"parameters\":"
            + " {\"threads\": 512}}]}]",
        "[{\"study\": \"train_epoch_f32\", \"best\": [{\"device\": \"A\", \"parameters\":"
            + " {\"threads\": 100}}]}]",
        "[{\"study\": \"train_epoch_f32\", \"best\": [{\"device\": \"A\", \"parameters\": {}}]}]"
      })
  void whatIsDamagedIsRefused(String text) throws Exception {
    assertThatThrownBy(() -> TunedBlocks.read("A", text))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("kernels/tune/run.sh");
    var file = Files.writeString(directory.resolve("tuned.json"), text);
    System.setProperty(TunedBlocks.PROPERTY, file.toString());
    assertThat(TunedBlocks.of("A").threads("train_epoch_f32")).isEqualTo(TunedBlocks.USUAL);
    System.setProperty(TunedBlocks.PROPERTY, directory.resolve("none.json").toString());
    assertThat(TunedBlocks.of("A").chosen()).isEmpty();
  }
}
