package dev.assay.device.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.engine.CovarianceProgram;
import dev.assay.random.Philox;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Where covariances are nearly singular, products with the inverse factor are nearly what
/// substitution with the same factor gives: variances, their derivatives and weights, also of rows
/// that were appended. The kernels as plain Java, no device.
///
/// Bounds grow as the noise falls: an observation's share in the variance is up to one over the
/// root of the noise, of which 1e-16 is rounded away. They are at least four times what was found,
/// and below the 1e-9 of the contract of engines.
class NearlySingularTest {
  private static final CovarianceFunction RBF = new RadialCovariance.Rbf();
  private static final CovarianceFunction MATERN = new RadialCovariance.Matern52();
  private static final int M = 9;

  private final KernelContext alone = new KernelContext();
  private final IntArray control = new IntArray(Control.LENGTH);
  private final IntArray categorical = new IntArray(1);
  private final IntArray info = new IntArray(1);

  /// @param most how far variances may be off, of a prior variance of 1; derivatives by length
  ///   scale four times that
  @ParameterizedTest
  @CsvSource({
    "70, 1e-6, 0, 1e-12",
    "70, 1e-9, 0, 1e-11",
    "70, 1e-11, 0, 5e-11",
    "70, 1e-13, 0, 6e-10",
    "131, 1e-11, 0, 5e-11",
    "131, 1e-13, 0, 6e-10",
    "64, 1e-13, 0, 6e-10",
    "3, 1e-13, 0, 1e-14",
    "70, 1e-11, 7, 5e-11",
    "70, 1e-13, 7, 6e-10",
    "131, 1e-13, 35, 6e-10"
  })
  void observationsInARow(int n, double noise, int appended, double most) {
    check(RBF, 0.5, n, noise, appended, most);
  }

  @ParameterizedTest
  @CsvSource({"70, 1e-9, 0, 1e-11", "131, 1e-13, 0, 1e-10", "131, 1e-13, 40, 1e-10"})
  void underRougherCovariances(int n, double noise, int appended, double most) {
    check(MATERN, 5, n, noise, appended, most);
  }

  private void check(
      CovarianceFunction covariance,
      double length,
      int n,
      double noise,
      int appended,
      double most) {
    int stride = Integer.highestOneBit(2 * Math.max(64, n) - 1);
    var program = new CovarianceProgram(covariance, 1);
    int p = program.size();
    var theta = new double[p];
    theta[1] = Math.log(length);
    theta[p - 2] = Math.log(noise);
    var words = IntArray.fromArray(program.words());
    var natural = DoubleArray.fromArray(program.natural(theta, 0));
    control.set(Control.DIMENSION, 1);
    control.set(Control.PARAMETERS, p);
    control.set(Control.PARAMETER_STRIDE, p);
    control.set(Control.MATRICES, 1);
    control.set(Control.MODELS, 1);
    control.set(Control.POINTS, M);
    control.set(Control.POINT_STRIDE, M);
    control.set(Control.ROW_STRIDE, stride);
    control.set(Control.ROWS, n - appended);
    var x = new DoubleArray(stride);
    for (int i = 0; i < n; i++) {
      x.set(i, i / (double) n);
    }
    var factor = new DoubleArray(stride * stride);
    var inverse = new DoubleArray(stride * stride);
    inverse.init(Double.NaN); // nothing is read that was not written
    var work = new DoubleArray(2 * stride);
    var jitter = new DoubleArray(1);
    CovarianceKernels.fill(0, 1, control, words, categorical, natural, jitter, x, factor);
    FactorKernels.factor(alone, 0, 1, 0, control, factor, info);
    for (int group = 0; group < stride / FactorKernels.PANEL; group++) {
      FactorKernels.invertRows(alone, 0, 1, group, control, factor, inverse);
    }
    for (int rows = n - appended + 1; rows <= n; rows++) {
      control.set(Control.ROWS, rows);
      var prior = DoubleArray.fromElements(1);
      ExtensionKernels.fillLastRow(0, 1, control, words, categorical, natural, x, factor);
      ExtensionKernels.extendRow(
          alone, 0, 1, 0, control, natural, jitter, prior, factor, inverse, work, info);
      assertThat(info.get(0)).isZero();
    }
    var points = DoubleArray.fromArray(new Philox(4, 2).doubles(M).toArray());
    points.set(0, x.get(n / 2)); // where there is an observation
    var cross = new DoubleArray(stride * M);
    var half = new DoubleArray(stride * M);
    var whole = new DoubleArray(stride * M);
    var variances = new DoubleArray(M);
    PosteriorKernels.fillCross(0, 1, control, words, categorical, natural, x, points, cross);
    ProductKernels.multiply(0, 1, control, inverse, cross, half);
    PosteriorKernels.sumVariances(0, 1, control, DoubleArray.fromElements(1), half, variances);
    ProductKernels.multiplyTransposed(0, 1, control, inverse, half, whole);
    for (int t = 0; t < M; t++) {
      var exact = substituted(factor, stride, column(cross, n, t));
      assertThat(variances.get(t)).isCloseTo(Math.max(0, 1 - exact.square()), within(most));
      double slope = slope(covariance, theta, points.get(t), x, column(whole, n, t));
      double expected = slope(covariance, theta, points.get(t), x, exact.whole());
      assertThat(slope * length).isCloseTo(expected * length, within(4 * most));
    }
    var y = new DoubleArray(stride);
    var alpha = new DoubleArray(stride);
    for (int i = 0; i < n; i++) {
      y.set(i, Math.sin(7 * x.get(i)));
    }
    var one = new IntArray(1);
    VectorKernels.weigh(
        alone, 0, 1, 0, control, one, one, natural, y, factor, inverse, work, alpha);
    var exact = substituted(factor, stride, IntStream.range(0, n).mapToDouble(y::get).toArray());
    double largest = Arrays.stream(exact.whole()).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < n; i++) {
      assertThat(alpha.get(i) / largest).isCloseTo(exact.whole()[i] / largest, within(1e-7));
    }
  }

  private static double[] column(DoubleArray numbers, int n, int t) {
    return IntStream.range(0, n).mapToDouble(i -> numbers.get(i * M + t)).toArray();
  }

  /// The derivative of a variance by its point.
  private static double slope(
      CovarianceFunction covariance, double[] theta, double at, DoubleArray x, double[] whole) {
    double slope = 0;
    for (int i = 0; i < whole.length; i++) {
      var dX = new double[1];
      covariance.addGradient(
          new double[] {at},
          new double[] {x.get(i)},
          new boolean[1],
          theta,
          0,
          1,
          new double[theta.length],
          dX);
      slope -= 2 * whole[i] * dX[0];
    }
    return slope;
  }

  /// @param square |L⁻¹b|²
  /// @param whole L⁻ᵀL⁻¹b
  private record Substituted(double square, double[] whole) {}

  private static Substituted substituted(DoubleArray l, int stride, double[] b) {
    int n = b.length;
    double square = 0;
    for (int i = 0; i < n; i++) {
      for (int q = 0; q < i; q++) {
        b[i] -= l.get(i * stride + q) * b[q];
      }
      b[i] = b[i] / l.get(i * stride + i);
      square += b[i] * b[i];
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int q = i + 1; q < n; q++) {
        b[i] -= l.get(q * stride + i) * b[q];
      }
      b[i] = b[i] / l.get(i * stride + i);
    }
    return new Substituted(square, b);
  }
}
