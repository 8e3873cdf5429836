package dev.assay.run.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.assay.device.opencl.OpenClBackend;
import dev.assay.kernel.ElementType;
import dev.assay.problem.Problem;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.TrialState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class KernelProblemTest {
  private static final String SOURCE =
      """
      __kernel void square(__global const float *in, __global float *out, int step) {
        int i = get_global_id(0);
        if (i < n) out[i] = in[i] * in[i] + step + wrong;
      }
      """;

  private static Study<Configuration> study() {
    return Study.over(
            SearchSpace.builder()
                .add("block", Choice.of(8, 16))
                .add("wrong", Choice.of(0, 1))
                .build())
        .named("square")
        .minimize("microseconds")
        .open();
  }

  @Test
  void arraysAreGivenAndExpected() {
    try {
      assertThat(new OpenClBackend().devices()).isNotEmpty();
    } catch (Problem problem) {
      abort("kernels are not run: " + problem.getMessage());
    }
    var in = new float[100];
    var squares = new float[100];
    for (int i = 0; i < 100; i++) {
      in[i] = i;
      squares[i] = i * i + 7;
    }
    try (var problem = KernelProblem.opencl(SOURCE, "square");
        var study = study()) {
      problem
          .constant("n", 100)
          .input("in", in)
          .output("out", ElementType.FLOAT, "n")
          .scalar("step", ElementType.INT, "7")
          .launch(List.of("block"), List.of("ceil(n / block)"))
          .expect("out", squares, 1e-6)
          .metric("microseconds", "1000 * time_ms");
      var _ = problem.tune(study, Budget.trials(4));
      assertThat(study.trials()).hasSize(4);
      for (var trial : study.trials()) {
        boolean right = trial.configuration().number("wrong") == 0;
        assertThat(trial.state()).isEqualTo(right ? TrialState.COMPLETE : TrialState.FAILED);
      }
    }
  }

  @Test
  void whatIsMissingIsSaid() {
    try (var problem = KernelProblem.opencl(SOURCE, "square");
        var study = study()) {
      var budget = Budget.trials(1);
      assertThatThrownBy(() -> problem.tune(study, budget)).hasMessageContaining("Call expect");
      problem.expect("out", new float[1], 0.1);
      assertThatThrownBy(() -> problem.tune(study, budget)).hasMessageContaining("Call launch");
      assertThatThrownBy(() -> problem.launch(List.of("8"), List.of())).isInstanceOf(Problem.class);
      assertThatThrownBy(() -> problem.expect("out", new float[1], Double.NaN))
          .isInstanceOf(Problem.class);
      problem.output("out", ElementType.FLOAT, "1");
      assertThatThrownBy(() -> problem.input("out", new int[1])).isInstanceOf(Problem.class);
    }
  }
}
