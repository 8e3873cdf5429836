package dev.assay.internal.sampler.cmaes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.sampler.prior.Axis;
import dev.assay.random.Philox;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CmaEsTest {
  private static final int D = 3;
  private static final int LAMBDA = 8;

  private static CmaEs cmaEs(int d, double sigma, int lambda, boolean separable) {
    var builder = SearchSpace.builder();
    IntStream.range(0, d).forEach(j -> builder.add("x" + j, new FloatRange(0, 1)));
    var space = builder.build();
    var axes = IntStream.range(0, d).mapToObj(j -> Axis.of(j, space.parameters().get(j))).toList();
    var mean = new double[d];
    Arrays.fill(mean, 0.5);
    var covariance = Covariance.identity(d, separable);
    return new CmaEs(mean, sigma, covariance, lambda, new Margin(axes, 0.1));
  }

  /// C, from what it makes of the unit vectors.
  private static RealMatrix matrix(Covariance covariance, int d) {
    var a = MatrixUtils.createRealMatrix(d, d);
    for (int j = 0; j < d; j++) {
      var unit = new double[d];
      unit[j] = 1;
      var column = new double[d];
      covariance.shape(unit, column);
      a.setColumn(j, column);
    }
    return a.multiply(a.transpose());
  }

  /// The tutorial's equations as they stand there, in matrices; C's root is its Cholesky factor.
  private static final class Tutorial {
    final double[] w = new double[LAMBDA];
    final double muEff;
    final double cSigma;
    final double dSigma;
    final double cC;
    final double c1;
    final double cMu;
    final double expected = Math.sqrt(D) * (1 - 1 / (4.0 * D) + 1 / (21.0 * D * D));
    RealVector mean = new ArrayRealVector(D, 0.5);
    RealVector pSigma = new ArrayRealVector(D);
    RealVector pC = new ArrayRealVector(D);
    RealMatrix c = MatrixUtils.createRealIdentityMatrix(D);
    double sigma;
    int stalls;

    Tutorial(double sigma, boolean separable) {
      this.sigma = sigma;
      int mu = LAMBDA / 2;
      for (int i = 1; i <= LAMBDA; i++) {
        w[i - 1] = Math.log((LAMBDA + 1) / 2.0) - Math.log(i);
      }
      double positive = Arrays.stream(w).limit(mu).sum();
      double negative = -Arrays.stream(w).skip(mu).sum();
      muEff = positive * positive / Arrays.stream(w).limit(mu).map(x -> x * x).sum();
      double muEffNegative = negative * negative / Arrays.stream(w).skip(mu).map(x -> x * x).sum();
      cSigma = (muEff + 2) / (D + muEff + 5);
      dSigma = 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (D + 1)) - 1) + cSigma;
      cC = (4 + muEff / D) / (D + 4 + 2 * muEff / D);
      double faster = separable ? (D + 2) / 3.0 : 1; // Ros and Hansen 2008
      c1 = faster * 2 / ((D + 1.3) * (D + 1.3) + muEff);
      cMu = Math.min(1 - c1, faster * 2 * (muEff - 2 + 1 / muEff) / ((D + 2) * (D + 2) + muEff));
      double least =
          IntStream.of(0)
              .mapToDouble(_ -> 1 + c1 / cMu)
              .map(x -> Math.min(x, 1 + 2 * muEffNegative / (muEff + 2)))
              .map(x -> Math.min(x, (1 - c1 - cMu) / (D * cMu)))
              .sum();
      for (int i = 0; i < LAMBDA; i++) {
        w[i] *= i < mu ? 1 / positive : least / negative;
      }
    }

    /// @param g from 1
    void generation(double[][] points, boolean[] foreign, int g) {
      var root = new CholeskyDecomposition(c).getL();
      var inverse = new LUDecomposition(root).getSolver().getInverse();
      RealVector mutation = new ArrayRealVector(D);
      RealMatrix learnt = MatrixUtils.createRealMatrix(D, D);
      for (int i = 0; i < LAMBDA; i++) {
        RealVector y = new ArrayRealVector(points[i]).subtract(mean).mapDivide(sigma);
        if (foreign[i]) { // Hansen 2011
          double most = Math.sqrt(D) + 2.0 * D / (D + 2);
          y = y.mapMultiply(Math.min(1, most / inverse.operate(y).getNorm()));
        }
        mutation = mutation.add(y.mapMultiply(Math.max(0, w[i])));
        double rescaled = w[i] >= 0 ? w[i] : w[i] * D / Math.pow(inverse.operate(y).getNorm(), 2);
        learnt = learnt.add(y.outerProduct(y).scalarMultiply(rescaled));
      }
      mean = mean.add(mutation.mapMultiply(sigma));
      pSigma =
          pSigma
              .mapMultiply(1 - cSigma)
              .add(inverse.operate(mutation).mapMultiply(Math.sqrt(cSigma * (2 - cSigma) * muEff)));
      boolean goesOn =
          pSigma.getNorm() / Math.sqrt(1 - Math.pow(1 - cSigma, 2 * g))
              < (1.4 + 2.0 / (D + 1)) * expected;
      stalls += goesOn ? 0 : 1;
      pC =
          pC.mapMultiply(1 - cC)
              .add(mutation.mapMultiply(goesOn ? Math.sqrt(cC * (2 - cC) * muEff) : 0));
      double kept = 1 + (goesOn ? 0 : c1 * cC * (2 - cC)) - c1 - cMu * Arrays.stream(w).sum();
      c =
          c.scalarMultiply(kept)
              .add(pC.outerProduct(pC).scalarMultiply(c1))
              .add(learnt.scalarMultiply(cMu));
      sigma *= Math.exp(cSigma / dSigma * (pSigma.getNorm() / expected - 1));
    }

    void forgetTheOthers() {
      c =
          MatrixUtils.createRealDiagonalMatrix(
              IntStream.range(0, D).mapToDouble(j -> c.getEntry(j, j)).toArray());
    }
  }

  private static double[][] drawn(CmaEs cma, Philox random, ToDoubleFunction<double[]> loss) {
    var points = new double[LAMBDA][D];
    for (var point : points) {
      cma.sample(random.doubles(D).map(u -> 4 * u - 2).toArray(), point);
    }
    Arrays.sort(points, Comparator.comparingDouble(loss));
    return points;
  }

  private static Tutorial compared(
      boolean separable, int generations, boolean strangers, ToDoubleFunction<double[]> loss) {
    var cma = cmaEs(D, 0.002, LAMBDA, separable);
    var tutorial = new Tutorial(0.002, separable);
    var random = new Philox(7, 1);
    for (int g = 1; g <= generations; g++) {
      var points = drawn(cma, random, loss);
      var foreign = new boolean[LAMBDA];
      if (strangers && g % 2 == 0) {
        points[0] = new double[] {0.1, 0.5, 0.6};
        points[LAMBDA - 1] = new double[] {0.9, 0.2, 0.4};
        foreign[0] = true;
        foreign[LAMBDA - 1] = true;
      }
      cma.update(points, foreign);
      tutorial.generation(points, foreign, g);
      if (separable) {
        tutorial.forgetTheOthers();
      }
      assertThat(cma.mean).as("mean %d", g).containsExactly(tutorial.mean.toArray(), within(1e-12));
      assertThat(cma.sigma / tutorial.sigma).as("step size %d", g).isCloseTo(1, within(1e-10));
      double off = matrix(cma.covariance, D).subtract(tutorial.c).getNorm();
      assertThat(off / tutorial.c.getNorm()).as("covariance %d", g).isLessThan(1e-10);
    }
    return tutorial;
  }

  /// Downhill all the way, so that the path of the step size grows beyond where the other one goes
  /// on.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void generationsDownASlopeAreThoseOfTheTutorial(boolean separable) {
    var tutorial = compared(separable, 10, false, x -> x[0] + x[1] / 2);
    assertThat(tutorial.stalls).isBetween(1, 9);
    assertThat(tutorial.w[LAMBDA - 1]).isNegative();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void generationsAroundAMinimumAreThoseOfTheTutorial(boolean separable) {
    compared(
        separable,
        20,
        false,
        x -> Math.pow(x[0] - 0.5, 2) + 100 * Math.pow(x[1] - x[2] / 2 - 0.25, 2));
  }

  /// What another distribution drew counts as no longer a step than this one makes.
  @Test
  void strangersMoveItNoFartherThanItsOwn() {
    compared(false, 6, true, x -> x[0]);
  }

  /// One parameter, four points, worked out by hand: weights .8041, .1959, -.2795, -.7205 before
  /// the negative ones are scaled.
  @Test
  void aGenerationOfFourInOneDimension() {
    var cma = cmaEs(1, 0.1, 4, false);
    cma.update(new double[][] {{0.6}, {0.55}, {0.45}, {0.3}}, new boolean[4]);
    assertThat(cma.mean[0]).isCloseTo(0.5902081430, within(1e-9));
    assertThat(cma.sigma).isCloseTo(0.1049806021, within(1e-9));
    assertThat(cma.covariance.deviation(0)).isCloseTo(1.0087886179, within(1e-9));
  }

  @Test
  void theMeanStaysInTheBoxAndTheStepSizeWithinIt() {
    var cma = cmaEs(2, 0.9, 4, false);
    var corner = new double[] {1, 1};
    for (int g = 0; g < 20; g++) {
      var far = new double[] {7, 5};
      cma.update(new double[][] {far, far, corner, corner}, new boolean[4]);
      assertThat(cma.mean).containsExactly(1, 1);
      assertThat(cma.sigma).isLessThanOrEqualTo(1);
    }
  }

  /// A run is over when a whole window of generations brought nothing, or steps are nothing.
  @Test
  void itHasConvergedWhenValuesOrStepsAreNothing() {
    int window = 10 + (int) Math.ceil(30.0 * D / LAMBDA);
    assertThat(generationsUntilConverged(_ -> 1, 0)).isEqualTo(window + 1);
    assertThat(generationsUntilConverged(g -> g == 5 ? 0.9 : 1, 0)).isEqualTo(window + 5);
    assertThat(generationsUntilConverged(_ -> 1, 1e-6)).as("the last values differ").isEqualTo(100);
    assertThat(generationsUntilConverged(g -> 1 - 1e-9 * g, 0)).isEqualTo(100);
    assertThat(cmaEs(D, 1.01e-9, LAMBDA, false).hasConverged()).isFalse();
    assertThat(cmaEs(D, 0.99e-9, LAMBDA, false).hasConverged()).isTrue();
  }

  /// @param best of a generation, from 1
  /// @return 100 for never
  private static int generationsUntilConverged(ToDoubleFunction<Integer> best, double range) {
    var cma = cmaEs(D, 0.1, LAMBDA, false);
    var random = new Philox(3, 1);
    for (int g = 1; g < 100; g++) {
      cma.sigma = 0.1;
      cma.update(drawn(cma, random, x -> x[0] * x[1]), new boolean[LAMBDA]);
      double value = best.applyAsDouble(g);
      cma.note(value, value + range);
      if (cma.hasConverged()) {
        return g;
      }
    }
    return 100;
  }

  /// Points on a line, and so far off that the covariance is one that arithmetic cannot hold.
  @Test
  void aFlatCovarianceEndsARun() {
    var cma = cmaEs(2, 0.1, 4, false);
    var line = DoubleStream.of(2, 1, -1, -2).mapToObj(t -> new double[] {1e9 * t, 1e9 * t});
    cma.update(line.toArray(double[][]::new), new boolean[4]);
    assertThat(cma.hasConverged()).isTrue();
  }
}
