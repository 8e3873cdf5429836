package dev.assay.device.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.assay.problem.Problem;
import dev.assay.run.kernel.KernelRunner;
import dev.assay.space.Configuration;
import dev.assay.spec.Assembly;
import dev.assay.spec.ObjectiveSpec;
import dev.assay.spec.StudyFile;
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
  /// What comes of the element i where nothing is wrong stands under `#else`.
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
        x = in[i + 1 < n ? i + 1 : 0];                   // off by one
      #elif variant == 3
        if (i == n - 1) return;                          // the last is forgotten
      #elif variant == 4
        x *= 1.001f;
      #elif variant == 5
        x = i == 77 ? sqrt(-x * x - 1) : x;              // one NaN
      #elif variant == 6
        if (i == 0) out[n] = 1;
      #elif variant == 7
        if (i == 0) out[-1] = 1;
      #elif variant == 10
        in[i] = 0;
      #elif variant == 11
        ((__global float *)0)[i] = x;                    // crashes
      #elif variant == 12
        if (i >= n - n % block) return;                  // the tail is forgotten
      #elif variant == 13
        x = block == 64 ? x + 1 : x;                     // wrong for one value of another parameter
      #elif variant == 14
        x = sqrt(-1.0f - x * x);                         // NaN everywhere
      #elif variant == 15
        out[i] = x;                                      // the input
        return;
      #elif variant == 16
        out[i] = out[i] + x * x + offset;                // adds to what stands there
        return;
      #elif variant == 17
        out[n - 1 - i] = x * x + offset;                 // backwards
        return;
      #elif variant == 18
        out[i] = -(x * x + offset);
        return;
      #elif variant == 19
        out[0] = x * x + offset;                         // all to one place: a race
        return;
      #elif variant == 20
        out[i] = convert_float(convert_int(x * x * 100)) / 100 + offset;   // two decimals
        return;
      #elif variant == 21
        out[i] = i % 2 == 0 ? x * x + offset : 0;
        return;
      #elif variant == 22
        x = x * (1 + 1e-4f * (i == 500));                // ten times the tolerance, once
      #elif variant == 23
        out[i] = 1.0f / 0;
        return;
      #elif variant == 24
        out[i] = out[i] == 0 ? x * x + offset : 1;        // right on zeros only
        return;
      #elif variant == 25
        out[i] = offset;                                 // the most of it
        return;
      #elif variant == 26
        if (get_local_id(0) == get_local_size(0) - 1) return;
      #elif variant == 27
        x = in[get_local_id(0)];                         // the first block's for all
      #endif
      #if variant != 2
        out[i] = x * x + offset;
      #endif
      }
      __kernel void endless(__global float *in, __global volatile float *out) {
        while (out[0] < 1000) out[1] = out[0];
      }
      __kernel void crashing(__global float *in, __global float *out) {
        ((__global volatile float *)0)[get_global_id(0)] = in[0];
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
          - {buffer: float, name: out, size: n, fill: {constant: 5}}
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

  /// In one study, since each starts a process: wrong kernels of many kinds, then launches that
  /// cannot be.
  @Test
  void aWrongAnswerIsNeverAResult() throws IOException {
    var rows = new StringBuilder("variant,block\n");
    for (int variant = 0; variant <= 27; variant++) {
      rows.append(variant).append(",32\n");
    }
    rows.append("13,64\n0,0\n0,1000000\n0,0.5\n0,64\n");
    Files.writeString(directory.resolve("rows.csv"), rows);
    var trials = run("variant: {choice: [0]}", "rows: rows.csv", "  block: {choice: [32]}\n", "");
    assertThat(trials).hasSize(33); // those that fail at once are recorded too
    for (var trial : trials) {
      int variant = (int) trial.configuration().number("variant");
      double block = trial.configuration().number("block");
      var wanted =
          switch (variant) {
            case 0 -> block == 32 || block == 64 ? "correct" : "runtime";
            case 8 -> "compile";
            case 9 -> "runtime";
            case 11 -> "crash";
            case 13 -> block == 32 ? "correct" : "correctness";
            default -> "correctness";
          };
      assertThat(trial.attributes().get(KernelRunner.INVALIDITY))
          .as("variant %d, block %s: %s", variant, block, trial.detail())
          .isEqualTo(wanted);
      assertThat(trial.state())
          .isEqualTo(wanted.equals("correct") ? TrialState.COMPLETE : TrialState.FAILED);
      var detail = trial.detail();
      switch (variant) {
        case 0 -> {
          if (block == 32) {
            assertThat(trial.attributes())
                .containsKeys("compile_ms", "runs_ms", "kernel", "device");
            assertThat(trial.values().getFirst()).isPositive();
          } else if (block == 1000000) {
            assertThat(detail).contains("1000000 threads");
          } else if (block == 0.5) {
            assertThat(detail).contains("whole number");
          }
        }
        case 3 -> assertThat(detail).contains("1 of 1000 elements", "at 999", "in out");
        case 6 -> assertThat(detail).contains("0 bytes behind the end of the buffer out");
        case 7 -> assertThat(detail).contains("1 bytes before the beginning of the buffer out");
        case 8 -> assertThat(detail).contains("square.cl:8:", "error:");
        case 9 -> assertThat(detail).contains("3 arguments, and 2 are given");
        case 10 -> assertThat(detail).contains("in in");
        case 11 -> assertThat(trial.cause()).isEqualTo(Cause.KILLED);
        case 13 -> {}
        default -> assertThat(detail).contains("in out");
      }
    }
  }

  @Test
  void aKernelThatNeverEndsTakesItsProcessNotTheStudy() {
    var endless = run("constants", "function: endless\n  constants", "timeout: 4m", "timeout: 2s");
    assertThat(fates(endless, "variant")).containsEntry("0", "timeout");
    assertThat(endless.getFirst().cause()).isEqualTo(Cause.TIMEOUT);
  }

  /// Otherwise every kernel would be blamed for it.
  @Test
  void aReferenceThatEndsItsProcessEndsTheStudy() {
    assertThatThrownBy(() ->
            run(
                "reference: reference.cl, block: 64, grid: ceil(n / 64)",
                "reference: square.cl, function: crashing, block: 1, grid: 1"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("reference is wrong itself")
        .hasMessageContaining("the process that ran the kernel");
  }

  /// With one device they are the same one.
  @Test
  void noDeviceIsSearchedTwice() {
    assertThatThrownBy(() ->
            run(
                "constants",
                "context: [device]\n  constants",
                "variant: {choice: [0]}",
                "device: {choice: [0, '0']}\n  variant: {choice: [0]}"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("same device");
  }

  @Test
  void aDeviceOfTheContextIsNoMacro() {
    var trials =
        run(
            "constants",
            "context: [device]\n  constants",
            "variant: {choice: [0]}",
            "device: {choice: [0]}\n  variant: {choice: [0]}");
    assertThat(fates(trials, "device")).containsEntry("0", "correct");
  }

  @Test
  void aDeviceThatDoesNotCountEnergyEndsTheStudy() {
    assertThatThrownBy(() -> run("minimize: time_ms", "  metrics: {e: 2 * energy_j}\nminimize: e"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("does not say how much energy it uses");
  }

  @Test
  void theDeviceIsChosenByNumberOrName() {
    assertThatThrownBy(() -> run("constants", "device: nosuchdevice\n  constants"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("no such device");
  }
}
