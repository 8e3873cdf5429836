package dev.assay.device.tornado;

import dev.assay.internal.engine.CovarianceProgram;
import java.util.Arrays;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Log marginal likelihoods and gradients of up to [ShapeClass#matrices] vectors at once.
final class LikelihoodGraphs extends ResidentGraphs {
  private static final String EVALUATE = "likelihood";

  private final IntArray program;
  private final DoubleArray natural;
  private final IntArray matrix;
  private final IntArray column;
  private final IntArray info;
  private final DoubleArray result;

  LikelihoodGraphs(Accelerator accelerator, ShapeClass shape) {
    super(accelerator, shape);
    int most = shape.matrices();
    program = new IntArray(most * CovarianceKernels.WORDS);
    natural = new DoubleArray(most * shape.parameters());
    matrix = new IntArray(most);
    column = new IntArray(most);
    info = new IntArray(most);
    result = new DoubleArray(most * (shape.parameters() + 1));
    var jitter = keptDoubles(most); // none
    var factor = keptDoubles(shape.entries());
    var half = keptDoubles(shape.entries());
    var inverse = keptDoubles(shape.entries());
    var alpha = keptDoubles(most * shape.rows());
    var partial = keptDoubles(most * shape.parameters() * shape.rows());
    for (int r = 0; r < most; r++) {
      matrix.set(r, r);
    }
    stage(
        EVALUATE,
        graph -> {
          graph.transferToDevice(
              DataTransferMode.EVERY_EXECUTION, program, natural, matrix, column);
          graph.task(
              "covariance",
              CovarianceKernels::covariance,
              context,
              control,
              program,
              categorical,
              natural,
              jitter,
              x,
              factor);
          graph.task("cholesky", FactorKernels::cholesky, context, control, factor, info);
          graph.task("half", FactorKernels::invertFactor, context, control, factor, half);
          graph.task(
              "weights",
              VectorKernels::weights,
              context,
              control,
              matrix,
              column,
              natural,
              y,
              factor,
              half,
              partial, // written later
              alpha);
          graph.task("inverse", ProductKernels::inverse, context, control, half, inverse);
          graph.task(
              "rows",
              LikelihoodKernels::rows,
              context,
              control,
              program,
              categorical,
              natural,
              x,
              alpha,
              inverse,
              partial);
          graph.task(
              "reduce",
              LikelihoodKernels::reduce,
              context,
              control,
              column,
              natural,
              y,
              factor,
              inverse,
              alpha,
              partial,
              result);
          graph.transferToHost(DataTransferMode.EVERY_EXECUTION, info, result);
        });
    for (var task : new String[] {"covariance", "rows", "reduce"}) {
      spread(EVALUATE + "." + task);
    }
    multiplied(EVALUATE + ".inverse");
    grouped(EVALUATE + ".cholesky", most);
    grouped(EVALUATE + ".half", most * shape.panels());
    grouped(EVALUATE + ".weights", most);
    build();
  }

  /// @param outputs which column each vector is for
  /// @param thetas R × p
  /// @param values out: R; -∞ where the covariance is not positive definite
  /// @param gradients out: R × p
  void evaluate(
      Observations data,
      CovarianceProgram covariance,
      int[] outputs,
      double[] thetas,
      double[] values,
      double[] gradients) {
    observe(data);
    int p = covariance.size();
    var words = covariance.words();
    control.set(Control.PARAMETERS, p);
    for (int from = 0; from < outputs.length; from += shape.matrices()) {
      int count = Math.min(shape.matrices(), outputs.length - from);
      control.set(Control.MATRICES, count);
      control.set(Control.MODELS, count);
      for (int r = 0; r < count; r++) {
        for (int w = 0; w < words.length; w++) {
          program.set(r * CovarianceKernels.WORDS + w, words[w]);
        }
        var numbers = covariance.natural(thetas, (from + r) * p);
        for (int q = 0; q < p; q++) {
          natural.set(r * shape.parameters() + q, numbers[q]);
        }
        column.set(r, outputs[from + r]);
      }
      run(EVALUATE);
      for (int r = 0; r < count; r++) {
        read(r, p, values, gradients, from + r);
      }
    }
  }

  private void read(int r, int p, double[] values, double[] gradients, int to) {
    if (info.get(r) != 0) {
      values[to] = Double.NEGATIVE_INFINITY;
      Arrays.fill(gradients, to * p, (to + 1) * p, 0);
      return;
    }
    int at = r * (shape.parameters() + 1);
    for (int q = 0; q < p; q++) {
      gradients[to * p + q] = result.get(at + q);
    }
    values[to] = result.get(at + p);
  }
}
