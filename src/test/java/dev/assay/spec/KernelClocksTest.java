package dev.assay.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.device.cuda.StandIn;
import dev.assay.device.nvidia.FakeManagement;
import dev.assay.problem.Problem;
import dev.assay.run.kernel.KernelRunner;
import dev.assay.space.Configuration;
import dev.assay.storage.InMemoryStorage;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.TrialRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clocks as parameters of a kernel's study: on the stand-in, with an NVML of tests.
@Tag("standin")
class KernelClocksTest {
  private static final String PTX =
      """
      .version 6.3
      .target sm_75
      .address_size 64
      .visible .entry fill(.param .u64 out)
      {
        .reg .b32 %r<3>;
        .reg .b64 %rd<4>;
        ld.param.u64 %rd1, [out];
        mov.u32 %r1, %tid.x;
        mul.wide.s32 %rd2, %r1, 4;
        add.s64 %rd3, %rd1, %rd2;
        mov.u32 %r2, 7;
        st.global.u32 [%rd3], %r2;
        ret;
      }
      """;

  private static final String STUDY =
      """
      objective:
        kernel: fill.ptx
        arguments: [{buffer: int, name: out, size: 32}]
        block: 32
        grid: 1
        verify: none
        measure: {runs: 1, until: 0}
        clocks: {graphics_mhz: mhz, power_w: 100 * hundreds}
      minimize: time_ms
      space: {mhz: {choice: [1005, 1410]}, hundreds: {choice: [3]}}
      sampler: grid
      """;

  @TempDir private Path directory;

  @BeforeAll
  static void standIn() {
    StandIn.use();
    System.setProperty(
        "assay.cuda.library", Path.of("target/standin/libcuda.so.1").toAbsolutePath().toString());
  }

  @AfterEach
  void forget() {
    FakeManagement.forget();
  }

  private List<TrialRecord> run(String text) throws IOException {
    Files.writeString(directory.resolve("fill.ptx"), PTX);
    var file = StudyFile.parse(directory.resolve("study.yaml"), text, List.of());
    var spec = (ObjectiveSpec.Kernel) file.objective();
    var runner = new KernelRunner(spec.settings(), file.objectives(), directory, file.space());
    try (Study<Configuration> study =
        new Assembly(file).study(new InMemoryStorage(), runner.describe()).openOrCreate()) {
      var _ = runner.run(study, Budget.trials(100), 1);
      return study.trials();
    }
  }

  /// Whatever becomes of trials, the end sets the card free.
  @Test
  void eachTrialHasItsClocksAndTheEndSetsTheCardFree() throws IOException, InterruptedException {
    FakeManagement.build(directory, "-DLOG=\"" + directory.resolve("log") + "\"");
    var trials = run(STUDY);
    assertThat(trials).hasSize(2);
    assertThat(String.valueOf(trials.getFirst().attributes().get("kernel")))
        .contains("sm_mhz=1410");
    var log = Files.readAllLines(directory.resolve("log"));
    assertThat(log).contains("graphics 1005", "graphics 1410", "power 300000");
    assertThat(log.subList(log.size() - 2, log.size()))
        .containsExactly("graphics 0", "power 700000");
  }

  @Test
  void withoutRightsTheStudyEndsAndSaysSo() throws IOException, InterruptedException {
    FakeManagement.build(directory, "-DFORBIDDEN", "-DLOG=\"" + directory.resolve("log") + "\"");
    assertThatThrownBy(() -> run(STUDY))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("Clocks and power limits cannot be set here.")
        .hasMessageContaining("Insufficient Permissions")
        .hasMessageContaining("leave out clocks");
  }

  @Test
  void whatIsNoClockIsNamed() {
    assertThatThrownBy(() -> run(STUDY.replace("power_w", "power")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("power_w");
    assertThatThrownBy(() -> run(STUDY.replace("mhz, power", "megahertz, power")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("megahertz");
  }
}
