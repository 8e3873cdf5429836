package dev.assay.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.device.cpu.CpuBackend;
import dev.assay.kernel.Argument;
import dev.assay.kernel.ElementType;
import dev.assay.kernel.Fill;
import dev.assay.problem.Problem;
import dev.assay.run.kernel.KernelSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Study files of kernels, up to the first trial: no device is needed.
class KernelFileTest {
  private static final String GOOD =
      """
      objective:
        kernel: gemm.cl
        constants: {n: 64}
        arguments:
          - {buffer: float, name: a, size: n * n, fill: random}
          - {buffer: float, name: c, size: n * n}
          - {scalar: int, value: n}
        block: [block_x, 1]
        grid: [ceil(n / block_x), n]
        verify: {reference: naive.cl, block: [8, 8], grid: [8, 8], tolerance: 1e-4}
        measure: {runs: 3, until: 2 %, time: 200ms, cold_cache: true}
        timeout: 10s
        metrics: {gflops: 2 * n * n / (time_ms * 1e6)}
      maximize: gflops
      space:
        block_x: {choice: [8, 16]}
      """;

  @TempDir private Path directory;

  @BeforeEach
  void files() throws IOException {
    Files.writeString(directory.resolve("gemm.cl"), "__kernel void gemm() {}");
    Files.writeString(directory.resolve("naive.cl"), "__kernel void naive() {}");
  }

  /// Reads a study file and makes what would run it.
  private KernelSettings read(String text) {
    var file = StudyFile.parse(directory.resolve("study.yaml"), text, List.of());
    var spec = (ObjectiveSpec.Kernel) file.objective();
    var _ = new Assembly(file).runner(new CpuBackend());
    return spec.settings();
  }

  @Test
  void whatIsSaidIsRead() {
    var settings = read(GOOD);
    assertThat(settings.function()).isEqualTo("gemm");
    assertThat(settings.backend()).isEqualTo("opencl");
    assertThat(settings.arguments().getFirst().type()).isEqualTo(ElementType.FLOAT);
    assertThat(settings.arguments().getFirst().fill())
        .isEqualTo(new Fill(Fill.Kind.RANDOM, -1, 1, 0, ""));
    assertThat(settings.arguments().get(2).kind()).isEqualTo(Argument.Kind.SCALAR);
    assertThat(settings.arguments().get(2).name()).isEqualTo("argument2");
    assertThat(settings.measurement().runs()).isEqualTo(3);
    assertThat(settings.measurement().until()).isEqualTo(0.02);
    assertThat(settings.measurement().seconds()).isEqualTo(0.2);
    assertThat(settings.measurement().coldCache()).isTrue();
    assertThat(settings.timeout()).hasSeconds(10);
    assertThat(settings.verify()).isNotNull();
    assertThat(read(GOOD.replaceAll("verify: .*", "verify: none")).verify()).isNull();
  }

  @Test
  void whatIsGivenIsAChoiceThatAlwaysExists() {
    var given = GOOD.replace("constants: {n: 64}", "constants: {n: 64}\n  context: [block_x]");
    assertThat(read(given).context()).containsExactly("block_x");
    for (var wrong :
        List.of(
            "block_x: {int: [8, 16]}",
            "block_x: {choice: [8, 16], when: {on: true}}\n  on: {choice: [false, true]}")) {
      assertThatThrownBy(() -> read(given.replace("block_x: {choice: [8, 16]}", wrong)))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("What is given has a list of values");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kernel: gemm.cl | kernel: gemm.txt | line 2, objective.kernel | backend: opencl
          constants: {n: 64} | context: [block_z] | block_z | "block_x"
          constants: {n: 64} | context: block_x | objective.context | context: [size]
          kernel: gemm.cl | kernel: none.cl | none.cl in | relative to the study file
          constants: {n: 64} | constants: {n: 64, block_x: 3} | block_x | Remove it from constants
          constants: {n: 64} | backend: metal | line 3, objective.backend | auto
          constants: {n: 64} | function: 'a b' | objective.function | letters
          constants: {n: 64} | shared: 64 | objective.shared | local: float
          size: n * n, fill | size: m * n, fill | line 5, objective.arguments[0].size | "n"
          fill: random | fill: rnadom | arguments[0].fill | "random"
          fill: random | fill: {random: [1, 0]} | arguments[0].fill.random | [0, 1]
          buffer: float, name: a | buffer: float4, name: a | arguments[0].buffer | float
          name: a, | name: c, | arguments[1] | Rename one
          value: n | size: n | objective.arguments[2] | Leave out size
          block: [block_x, 1] | block: [block_x] | objective.grid | Give 1 of both
          block: [block_x, 1] | block: [block_z, 1] | objective.block[0] | "block_x"
          block: [block_x, 1] | block: [block_x >, 1] | objective.block[0] |
          , tolerance: 1e-4 | '' | objective.verify | tolerance: 1e-4 for float
          tolerance: 1e-4 | tolerance: 2 | objective.verify.tolerance | 1e-4
          reference: naive.cl, | '' | objective.verify | reference
          reference: naive.cl | reference: naive.npy | verify.function | x
          until: 2 % | until: soon | objective.measure.until | 1 %
          timeout: 10s | timeout: 0s | objective.timeout | longer
          maximize: gflops | maximize: glfops | glfops | "gflops"
          maximize: gflops | minimize: energy_kwh | energy_kwh | "energy_j"
          metrics: {gflops | metrics: {time_ms | objective.metrics.time_ms | another name
          time_ms * 1e6 | time * 1e6 | objective.metrics.gflops |
          """)
  void whatIsWrongIsSaidWithItsPlace(String right, String wrong, String place, String mend) {
    assertThat(GOOD).contains(right);
    var text = GOOD.replace(right, wrong);
    if (wrong.endsWith(".npy")) { // an array has neither block nor grid
      assertThatThrownBy(() -> read(text)).hasMessageContaining("Only a kernel has a block");
      return;
    }
    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem.value()).contains(place);
              assertThat(problem.mend()).contains(mend == null ? "" : mend);
            });
  }
}
