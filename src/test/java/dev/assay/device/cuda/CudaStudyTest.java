package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Studies of CUDA kernels from the file to the verified answer: compiled by nvcc, run by the
/// stand-in of `kernels/standin`.
@Tag("standin")
@Timeout(600)
class CudaStudyTest {
  private static final Path EXAMPLES = Path.of("../examples/kernels");

  /// Every variant but 0 is wrong.
  private static final String KERNELS =
      """
      extern "C" __global__ void square(const float *in, float *out
      #if variant == 5
          , int more
      #elif variant == 6
          , char more
      #endif
      ) {
      #if variant == 1
        this is no C++
      #endif
        const int i = blockIdx.x * blockDim.x + threadIdx.x;
        if (i >= n) return;
        out[i] = in[i] * in[i] + (variant == 2);
        if (variant == 3 && i == 0) out[n] = 1;
        if (variant == 4 && i == 0) out[-1] = 1;
      }
      __global__ void reference(const float *in, float *out) {
        for (int i = 0; i < n; i++) out[i] = in[i] * in[i];
      }
      __global__ void nothing(const float *in, float *out) {}
      """;

  private static final String STUDY =
      """
      objective:
        kernel: square.cu
        constants: {n: 100}
        arguments:
          - {buffer: float, name: in, size: n, fill: random}
          - {buffer: float, name: out, size: n}
        block: [block]
        grid: [blocks]
        shared: shared
        verify: {reference: reference.cu, function: reference, block: 1, grid: 1, tolerance: 1e-5}
        measure: {runs: 2, until: 0}
      minimize: time_ms
      space:
        variant: {choice: [0]}
        block: {choice: [32]}
        blocks: {choice: [4]}
        shared: {choice: [0]}
      sampler: grid
      budget: {failures: none}
      """;

  @TempDir private Path directory;

  @BeforeAll
  static void standIn() {
    boolean nvcc =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "nvcc")));
    assumeTrue(nvcc, "nvcc is not installed: CUDA C++ is not compiled");
    StandIn.use();
    System.setProperty(
        "assay.cuda.library", Path.of("target/standin/libcuda.so.1").toAbsolutePath().toString());
    System.setProperty("assay.nvrtc.library", "none"); // another test's
  }

  private static List<TrialRecord> run(Path base, String text, int trials) {
    var file = StudyFile.parse(base.resolve("study.yaml"), text, List.of());
    var spec = (ObjectiveSpec.Kernel) file.objective();
    var runner = new KernelRunner(spec.settings(), file.objectives(), base, file.space());
    try (Study<Configuration> study =
        new Assembly(file).study(new InMemoryStorage(), runner.describe()).openOrCreate()) {
      var _ = runner.run(study, Budget.trials(trials), 1);
      return study.trials();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gemm      | constants: {m: 34, n: 33, k: 20}",
        "reduction | constants: {n: 4096}",
        "stencil   | constants: {size: 12}"
      })
  void theExamplesEndWithTheRightAnswer(String name, String constants) throws IOException {
    var text = Files.readString(EXAMPLES.resolve(name + "-cuda.yaml"));
    // Times of the stand-in are 0, of which no speed can be made.
    var small =
        text.replaceFirst("constants: .*", constants)
            .replaceFirst("maximize: .*", "minimize: time_ms")
            .replaceFirst("seed: 1", "seed: 3");
    assertThat(small).contains(constants);
    assertThat(run(EXAMPLES, small, 1))
        .singleElement()
        .satisfies(trial -> {
          assertThat(trial.state()).as(trial.detail()).isEqualTo(TrialState.COMPLETE);
          assertThat(trial.attributes()).containsEntry(KernelRunner.INVALIDITY, "correct");
        });
  }

  private List<TrialRecord> run(String... replacements) throws IOException {
    Files.writeString(directory.resolve("square.cu"), KERNELS);
    Files.writeString(directory.resolve("reference.cu"), "#define variant 0\n" + KERNELS);
    var text = STUDY;
    for (int i = 0; i < replacements.length; i += 2) {
      assertThat(text).contains(replacements[i]);
      text = text.replace(replacements[i], replacements[i + 1]);
    }
    return run(directory, text, 100);
  }

  private static Map<Object, String> details(List<TrialRecord> trials, String parameter) {
    var details = new HashMap<Object, String>();
    for (var trial : trials) {
      boolean complete = trial.state() == TrialState.COMPLETE;
      assertThat(trial.cause()).isEqualTo(complete ? null : Cause.ERROR);
      details.put(
          (int) trial.configuration().number(parameter), complete ? "correct" : trial.detail());
    }
    return details;
  }

  @Test
  void aWrongAnswerIsNeverAResult() throws IOException {
    var details = details(run("variant: {choice: [0]}", "variant: {int: [0, 6]}"), "variant");
    assertThat(details).hasSize(7).containsEntry(0, "correct");
    assertThat(details.get(1)).startsWith("compile").contains("square.cu(9): error");
    assertThat(details.get(2)).startsWith("correctness").contains("wrong answer in out");
    assertThat(details.get(3)).startsWith("correctness").contains("behind the end of the buffer");
    assertThat(details.get(4)).startsWith("correctness").contains("before the beginning of");
    assertThat(details.get(5)).contains("the kernel has 3 arguments, and 2 are given");
    assertThat(details.get(6)).contains("the kernel has 3 arguments, and 2 are given");
  }

  /// One thing is wrong at a time.
  @Test
  void aLaunchThatCannotBeIsAFailure() throws IOException {
    var trials =
        run(
            "blocks: {choice: [4]}",
            "blocks: {choice: [0, 4]}",
            "block: {choice: [32]}",
            "block: {choice: [0, 32, 4096]}",
            "shared: {choice: [0]}",
            "shared: {choice: [0, 10000000]}",
            "sampler: grid",
            "constraints: [block == 32 or blocks == 4, block == 32 or shared == 0,"
                + " blocks == 4 or shared == 0]\nsampler: grid");
    assertThat(trials).hasSize(5);
    var right = trials.stream().filter(trial -> trial.state() == TrialState.COMPLETE).toList();
    assertThat(right).hasSize(1);
    assertThat(right.getFirst().configuration().values())
        .containsEntry("block", 32L)
        .containsEntry("blocks", 4L)
        .containsEntry("shared", 0L);
    assertThat(details(trials, "block").get(0)).contains("block[0] must be at least 1");
    assertThat(details(trials, "block").get(4096)).startsWith("runtime");
    assertThat(details(trials, "blocks").get(0)).contains("grid[0] must be at least 1");
    assertThat(details(trials, "shared").get(10000000)).contains("10000000 bytes of shared memory");
  }

  @Test
  void aScalarOfAnotherSizeIsAFailure() throws IOException {
    var scalar = "size: n}\n    - {scalar: int, name: more, value: 1}\n  block";
    var details =
        details(
            run(
                "size: n}\n  block",
                scalar,
                "variant: {choice: [0]}",
                "variant: {choice: [5, 6]}",
                "verify: {reference: reference.cu, function: reference, block: 1, grid: 1,"
                    + " tolerance: 1e-5}",
                "verify: none"),
            "variant");
    assertThat(details).hasSize(2).containsEntry(5, "correct");
    assertThat(details.get(6)).contains("argument 2 has 1 bytes, and 4 are given");
  }

  @Test
  void aReferenceThatDoesNothingEndsTheStudy() {
    assertThatThrownBy(() -> run("function: reference", "function: nothing"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("it changes no buffer");
  }
}
