package dev.assay.device.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.engine.CovarianceProgram;
import dev.assay.internal.gp.GaussianProcess;
import dev.assay.random.Philox;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// The kernels' arithmetic as plain Java: one thread, no device.
class KernelArithmeticTest {
  private static final int N = 40; // more than one panel
  private static final int D = 3;
  private static final int STRIDE = 64;
  private static final int PARAMETERS = 16;

  static List<CovarianceFunction> covariances() {
    return List.of(
        new RadialCovariance.Matern52(),
        new RadialCovariance.Matern32(),
        new RadialCovariance.Rbf(),
        new RadialCovariance.RationalQuadratic(),
        new CovarianceFunction.Additive(1),
        CovarianceFunction.productPlusAdditive(2),
        new CovarianceFunction.Product(
            List.of(new RadialCovariance.Matern52(), new CovarianceFunction.Additive(1))));
  }

  @ParameterizedTest
  @MethodSource("covariances")
  void theLikelihoodOfOneThreadIsTheReferences(CovarianceFunction covariance) {
    var program = new CovarianceProgram(covariance, D);
    int p = program.size();
    var random = new Philox(5, 0);
    var x = new double[N][D];
    var y = random.doubles(N).toArray();
    var theta = random.doubles(p).map(v -> v - 1).toArray();
    theta[p - 2] = -4;
    var control = new IntArray(Control.LENGTH);
    control.set(Control.ROWS, N);
    control.set(Control.DIMENSION, D);
    control.set(Control.PARAMETERS, p);
    control.set(Control.MATRICES, 1);
    control.set(Control.ROW_STRIDE, STRIDE);
    control.set(Control.PARAMETER_STRIDE, PARAMETERS);
    var columns = new DoubleArray(D * STRIDE);
    var outputs = new DoubleArray(STRIDE);
    for (int i = 0; i < N; i++) {
      outputs.set(i, y[i]);
      for (int j = 0; j < D; j++) {
        x[i][j] = j == 1 ? random.nextInt(3) : random.nextDouble();
        columns.set(j * STRIDE + i, x[i][j]);
      }
    }
    var result = evaluate(control, program, theta, columns, outputs);
    var process = new GaussianProcess(covariance, new boolean[] {false, true, false}, theta);
    var expected = (GaussianProcess.Likelihood.Value) process.logLikelihood(x, y);
    close(result.get(p), expected.value());
    for (int q = 0; q < p; q++) {
      close(result.get(q), expected.gradient()[q]);
    }
  }

  private static DoubleArray evaluate(
      IntArray control, CovarianceProgram program, double[] theta, DoubleArray x, DoubleArray y) {
    var words = IntArray.fromArray(program.words());
    var categorical = IntArray.fromElements(0, 1, 0);
    var natural = DoubleArray.fromArray(program.natural(theta, 0));
    var factor = new DoubleArray(STRIDE * STRIDE);
    var half = new DoubleArray(STRIDE * STRIDE);
    var inverse = new DoubleArray(STRIDE * STRIDE);
    var alpha = new DoubleArray(STRIDE);
    var partial = new DoubleArray(PARAMETERS * STRIDE);
    var result = new DoubleArray(PARAMETERS + 1);
    var info = new IntArray(1);
    var alone = new KernelContext();
    CovarianceKernels.fill(
        0, 1, control, words, categorical, natural, new DoubleArray(1), x, factor);
    FactorKernels.factor(alone, 0, 1, 0, control, factor, info);
    assertThat(info.get(0)).isZero();
    invert(control, factor, half);
    VectorKernels.weigh(
        alone,
        0,
        1,
        0,
        control,
        new IntArray(1),
        new IntArray(1),
        natural,
        y,
        factor,
        half,
        new DoubleArray(2 * STRIDE),
        alpha);
    ProductKernels.square(0, 1, control, half, inverse);
    LikelihoodKernels.sumRows(
        0, 1, control, words, categorical, natural, x, alpha, inverse, partial);
    LikelihoodKernels.sum(
        0, 1, control, new IntArray(1), natural, y, factor, inverse, alpha, partial, result);
    return result;
  }

  private static void invert(IntArray control, DoubleArray factor, DoubleArray inverse) {
    for (int group = 0; group < STRIDE / FactorKernels.PANEL; group++) {
      FactorKernels.invertRows(new KernelContext(), 0, 1, group, control, factor, inverse);
    }
  }

  private static void close(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, within(1e-10 * Math.max(1, Math.abs(expected))));
  }
}
