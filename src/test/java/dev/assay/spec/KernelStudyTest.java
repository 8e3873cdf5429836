package dev.assay.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.assay.device.opencl.OpenClBackend;
import dev.assay.problem.Problem;
import dev.assay.run.kernel.KernelRunner;
import dev.assay.space.Configuration;
import dev.assay.storage.InMemoryStorage;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Cause;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kernels on whatever OpenCL device is there, mostly wrong ones.
@Timeout(300)
class KernelStudyTest {
  private static final String KERNELS =
      """
      __kernel void square(__global float *restrict in, __global float *restrict out
      #if variant == 9
          , int more
      #endif
      ) {
        const int i = get_global_id(0);
      #if variant == 8
        this is no C
      #endif
        if (i >= n) return;
        float x = in[i];
      #if variant == 1
        x = in[i + 1 < n ? i + 1 : 0];
      #elif variant == 3
        if (i == n - 1) return;
      #elif variant == 4
        x *= 1.001f;
      #elif variant == 5
        x = i == 77 ? sqrt(-x * x - 1) : x;
      #elif variant == 6
        if (i == 0) out[n] = 1;
      #elif variant == 7
        if (i == 0) out[-1] = 1;
      #elif variant == 10
        in[i] = 0;
      #elif variant == 11
        ((__global float *)0)[i] = x;
      #endif
      #if variant != 2
        out[i] = x * x + offset;
      #endif
      }
      __kernel void endless(__global float *in, __global volatile float *out) {
        while (out[0] < 1000) out[1] = out[0];
      }
      __kernel void nothing(__global float *in, __global float *out) {}
      __kernel void racing(__global float *in, __global volatile float *out) {
        out[0] = in[0];
        out[n] = 2;
      }
      """;

  private static final String REFERENCE =
      """
      __kernel void reference(__global const float *in, __global float *out) {
        if (get_global_id(0) < n) out[get_global_id(0)] = in[get_global_id(0)] * in[get_global_id(0)] + offset;
      }
      """;

  private static final String STUDY =
      """
      objective:
        kernel: square.cl
        constants: {n: 1000, offset: 2}
        arguments:
          - {buffer: float, name: in, size: n, fill: random}
          - {buffer: float, name: out, size: n}
        block: block
        grid: ceil(n / block)
        verify: {reference: reference.cl, block: 64, grid: ceil(n / 64), tolerance: 1e-5}
        measure: {runs: 2, until: 0}
        timeout: 4m
      minimize: time_ms
      space:
        variant: {choice: [0]}
        block: {choice: [32]}
      sampler: grid
      budget: {failures: none}
      """;

  @TempDir private Path directory;

  @BeforeAll
  static void device() {
    try {
      assertThat(new OpenClBackend().devices()).isNotEmpty();
    } catch (Problem problem) {
      abort("kernels are not run: " + problem.getMessage());
    }
  }

  @BeforeEach
  void files() throws IOException {
    Files.writeString(directory.resolve("square.cl"), KERNELS);
    Files.writeString(directory.resolve("reference.cl"), REFERENCE);
  }

  private List<TrialRecord> run(String... replacements) {
    var text = STUDY;
    for (int i = 0; i < replacements.length; i += 2) {
      assertThat(text).contains(replacements[i]);
      text = text.replace(replacements[i], replacements[i + 1]);
    }
    var file = StudyFile.parse(directory.resolve("study.yaml"), text, List.of());
    var assembly = new Assembly(file);
    var spec = (ObjectiveSpec.Kernel) file.objective();
    var runner = new KernelRunner(spec.settings(), file.objectives(), directory, file.space());
    try (Study<Configuration> study =
        assembly.study(new InMemoryStorage(), runner.describe()).openOrCreate()) {
      var _ = runner.run(study, Budget.trials(100), 1);
      return study.trials();
    }
  }

  private static Map<Object, Object> fates(List<TrialRecord> trials, String parameter) {
    var fates = new LinkedHashMap<Object, Object>();
    trials.forEach(trial ->
        fates.put(
            String.valueOf(trial.configuration().get(parameter)),
            String.valueOf(trial.attributes().get(KernelRunner.INVALIDITY))));
    return fates;
  }

  @Test
  void aWrongAnswerIsNeverAResult() {
    var trials = run("variant: {choice: [0]}", "variant: {int: [0, 10]}");
    assertThat(fates(trials, "variant"))
        .containsEntry("0", "correct")
        .containsEntry("1", "correctness")
        .containsEntry("2", "correctness")
        .containsEntry("3", "correctness")
        .containsEntry("4", "correctness")
        .containsEntry("5", "correctness")
        .containsEntry("6", "correctness")
        .containsEntry("7", "correctness")
        .containsEntry("8", "compile")
        .containsEntry("9", "runtime")
        .containsEntry("10", "correctness")
        .hasSize(11);
    for (var trial : trials) {
      boolean right = trial.configuration().number("variant") == 0;
      assertThat(trial.state()).isEqualTo(right ? TrialState.COMPLETE : TrialState.FAILED);
      var detail = trial.detail();
      switch ((int) trial.configuration().number("variant")) {
        case 0 -> {
          assertThat(trial.attributes()).containsKeys("compile_ms", "runs_ms", "kernel");
          assertThat(trial.values().getFirst()).isPositive();
        }
        case 3 -> assertThat(detail).contains("1 of 1000 elements", "at 999", "in out");
        case 6 -> assertThat(detail).contains("0 bytes behind the end of the buffer out");
        case 7 -> assertThat(detail).contains("1 bytes before the beginning of the buffer out");
        case 8 -> assertThat(detail).contains("square.cl:8:", "error:");
        case 9 -> assertThat(detail).contains("3 arguments, and 2 are given");
        case 10 -> assertThat(detail).contains("in in");
        default -> assertThat(detail).contains("in out");
      }
    }
  }

  @Test
  void aKernelThatCrashesOrNeverEndsTakesItsProcessNotTheStudy() {
    var trials = run("variant: {choice: [0]}", "variant: {choice: [11, 0]}");
    assertThat(fates(trials, "variant")).containsEntry("11", "crash").containsEntry("0", "correct");
    assertThat(trials.getFirst().cause()).isEqualTo(Cause.KILLED);
    var endless = run("constants", "function: endless\n  constants", "timeout: 4m", "timeout: 2s");
    assertThat(fates(endless, "variant")).containsEntry("0", "timeout");
    assertThat(endless.getFirst().cause()).isEqualTo(Cause.TIMEOUT);
  }

  @Test
  void aLaunchThatCannotBeIsAFailure() {
    var trials = run("block: {choice: [32]}", "block: {choice: [0, 32, 1000000, 0.5]}");
    assertThat(trials).hasSize(4); // one that fails at once is recorded too
    assertThat(fates(trials, "block"))
        .containsEntry("32", "correct")
        .containsEntry("1000000", "runtime")
        .containsEntry("0", "runtime")
        .containsEntry("0.5", "runtime");
    assertThat(trials).extracting(TrialRecord::detail).anyMatch(d -> d.contains("1000000 threads"));
    assertThat(trials).extracting(TrialRecord::detail).anyMatch(d -> d.contains("whole number"));
  }

  @Test
  void aReferenceThatIsWrongItselfEndsTheStudy() {
    var right = "reference: reference.cl, block: 64, grid: ceil(n / 64)";
    for (var wrong :
        Map.of(
                "nothing", "it changes no buffer",
                "racing", "behind the end of the buffer out")
            .entrySet()) {
      assertThatThrownBy(() ->
              run(
                  right,
                  "reference: square.cl, function: " + wrong.getKey() + ", block: 1, grid: 1"))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("reference is wrong itself")
          .hasMessageContaining(wrong.getValue());
    }
  }

  @Test
  void answersAreComparedWithFilesAndWithWhatAProgramWrites() throws IOException {
    var right = "reference: reference.cl, block: 64, grid: ceil(n / 64), tolerance: 1e-5";
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1000,), }\n";
    var bytes = java.nio.ByteBuffer.allocate(10 + header.length() + 4000);
    bytes.order(java.nio.ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
    bytes.put(header.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    for (int i = 0; i < 1000; i++) {
      bytes.putFloat((float) i * i + 2);
    }
    Files.write(directory.resolve("squares.npy"), bytes.array());
    for (var verify :
        List.of(
            "reference: squares.npy, tolerance: 1e-6",
            "command: [sh, -c, 'cp squares.npy $ASSAY_KERNEL_DATA/out.expected.npy'],"
                + " tolerance: 1e-6")) {
      var trials =
          run(right, verify, "fill: random", "fill: iota", "choice: [0]", "choice: [0, 1]");
      assertThat(fates(trials, "variant"))
          .as(verify)
          .containsEntry("0", "correct")
          .containsEntry("1", "correctness");
    }
    assertThatThrownBy(() -> run(right, "command: [sh, -c, 'echo no; exit 3'], tolerance: 1e-6"))
        .hasMessageContaining("exit code 3, no");
  }

  @Test
  void aDeviceThatDoesNotCountEnergyEndsTheStudy() {
    for (var objective : List.of("minimize: energy_j", "metrics: {e: 2 * energy_j}\nminimize: e")) {
      assertThatThrownBy(() -> run("minimize: time_ms", objective.replace("metrics", "  metrics")))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("does not say how much energy it uses");
    }
  }

  @Test
  void theDeviceIsChosenByNumberOrName() {
    assertThatThrownBy(() -> run("constants", "device: nosuchdevice\n  constants"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("no such device");
  }
}
