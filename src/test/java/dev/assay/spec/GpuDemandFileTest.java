package dev.assay.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.run.gpu.GpuDemand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What trials need of GPUs, as study files say it.
class GpuDemandFileTest {
  @TempDir Path directory;

  private GpuDemand demand(String gpus) throws IOException {
    var file =
        Files.writeString(
            directory.resolve("study.yaml"),
            """
            name: t
            objective: {command: [./train.sh], %s}
            minimize: loss
            space: {device: {choice: [cuda, cpu]}}
            """
                .formatted(gpus));
    var objective = StudyFile.read(file, List.of()).objective();
    assertThat(objective).isInstanceOf(ObjectiveSpec.Command.class);
    return ((ObjectiveSpec.Command) objective).settings().gpus();
  }

  @Test
  void memoryIsSaidOrLearnt() throws IOException {
    assertThat(demand("gpus: 0.5, memory: 8GiB")).isEqualTo(GpuDemand.of(0.5, 8L << 30));
    assertThat(demand("gpus: 0.5, memory: learned"))
        .isEqualTo(new GpuDemand(0.5, 0, true, null, Map.of()));
    var byDevice = demand("gpus: {device: {cuda: 0.25, cpu: 0}}, memory: learned");
    assertThat(byDevice.learned()).isTrue();
    assertThat(byDevice.parameter()).isEqualTo("device");
  }

  @Test
  void whatIsNoMemoryIsRefused() {
    assertThatThrownBy(() -> demand("gpus: 0.5, memory: learnt"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("8GiB, or memory: learned");
    assertThatThrownBy(() -> demand("memory: learned"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("gpus: 0.5");
  }
}
