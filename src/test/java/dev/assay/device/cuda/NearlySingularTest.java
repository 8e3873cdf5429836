package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.engine.GpSession;
import dev.assay.random.Philox;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where covariances are nearly singular, variances and their derivatives are nearly those of
/// substitution with the same factor: its inverse is made better where products with it are off.
///
/// What is left are roundings in a product, of numbers as large as the inverse's, one over the root
/// of the noise: 1e-16 of that times an observation's share in the variance, which along a line is
/// large for some. So bounds grow as the noise falls, and are at least four times what was found.
/// All are below the 1e-9 that the contract of engines allows, derivatives by length scale; studies
/// have noises of 5e-9 of the prior variance and more.
@Tag("standin")
class NearlySingularTest {
  private static final CovarianceFunction RBF = new RadialCovariance.Rbf();
  private static final CovarianceFunction MATERN = new RadialCovariance.Matern52();
  private static final boolean[] NUMBER = new boolean[1];

  /// @param most how far variances may be off, of a prior variance of 1; derivatives by length
  ///   scale four times that
  private record Row(
      CovarianceFunction covariance, double length, int n, double noise, double most) {
    double[] theta() {
      return new double[] {0, Math.log(length), Math.log(noise), 0};
    }

    double covariance(double a, double b) {
      return covariance.value(new double[] {a}, new double[] {b}, NUMBER, theta(), 0);
    }

    double slope(double at, double other) {
      var dX = new double[1];
      covariance.addGradient(
          new double[] {at}, new double[] {other}, NUMBER, theta(), 0, 1, new double[4], dX);
      return dX[0];
    }
  }

  /// @param refinements how often the inverse is made better
  @ParameterizedTest
  @CsvSource({
    "70, 1e-6, 1e-12, 0",
    "70, 1e-9, 1e-11, 0",
    "70, 1e-11, 4e-11, 1",
    "70, 1e-13, 2e-10, 2",
    "131, 1e-11, 4e-11, 2",
    "131, 1e-13, 2e-10, 2",
    "16, 1e-13, 1e-10, 0",
    "3, 1e-13, 1e-14, 0"
  })
  void observationsInARow(int n, double noise, double most, int refinements) {
    check(new Row(RBF, 0.5, n, noise, most), 0, refinements);
  }

  @ParameterizedTest
  @CsvSource({"70, 1e-9, 1e-11, 0", "70, 1e-13, 1e-10, 1", "131, 1e-13, 2e-10, 1"})
  void underRougherCovariances(int n, double noise, double most, int refinements) {
    check(new Row(MATERN, 5, n, noise, most), 0, refinements);
  }

  /// A row of the inverse that is appended is as good as one that was refined.
  @ParameterizedTest
  @CsvSource({"70, 1e-11, 4e-11, 1", "70, 1e-13, 2e-10, 2", "64, 1e-13, 2e-10, 2"})
  void observationsThatFollow(int n, double noise, double most, int refinements) {
    check(new Row(RBF, 0.5, n, noise, most), 5, refinements);
  }

  /// @param appended how many of the row's observations follow once it was conditioned on the
  ///   others
  private static void check(Row row, int appended, int refinements) {
    int n = row.n();
    var x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = i / (double) n;
    }
    int first = n - appended;
    var begun = Arrays.copyOf(x, first);
    var model = new GpSession.Model(row.covariance(), row.theta(), 0);
    try (var stream = StandIn.device().stream();
        var arena = StandIn.device().memory().arena()) {
      var data = new DeviceObservations(stream, arena, NUMBER);
      data.set(begun, new double[][] {begun});
      var factor = new ConditionedFactor(stream, data, arena, model);
      assertThat(factor.refinements()).isEqualTo(refinements);
      var group = new ConditionedGroup(stream, data, arena, List.of(model), new int[1]);
      for (int i = first; i < n; i++) {
        data.append(new double[] {x[i]}, new double[] {x[i]});
        factor.extend();
        group.extend();
      }
      var square = new double[factor.lead() * factor.lead()];
      stream.download(factor.square(), square);
      for (int m : new int[] {7, 70}) { // row by row, and in tiles
        var at = new Philox(4, 2).doubles(m).toArray();
        at[0] = x[n / 2]; // where there is an observation
        var variances = new double[m];
        var slopes = new double[m];
        var points = stream.place(at, arena);
        var rows = arena.doubles((long) m * group.workspace());
        var means = arena.doubles(m);
        var found = arena.doubles(m);
        group.predict(points, m, Running.ALL, rows, means, found);
        stream.download(found, variances);
        var one = new double[m];
        Arrays.fill(one, 1);
        var gradients = stream.place(slopes, arena);
        group.addPointGradients(
            points,
            m,
            Running.ALL,
            rows,
            stream.place(slopes, arena),
            stream.place(one, arena),
            gradients);
        stream.download(gradients, slopes);
        for (int t = 0; t < m; t++) {
          var exact = bySubstitution(square, factor.lead(), row, x, at[t]);
          assertThat(variances[t]).as("%d of %d", t, m).isCloseTo(exact[0], within(row.most()));
          assertThat(slopes[t] * row.length())
              .as("%d of %d", t, m)
              .isCloseTo(exact[1] * row.length(), within(4 * row.most()));
        }
      }
      stream.settle();
    }
  }

  /// The variance and its derivative, by substitution in FP64, whose error is the least that an
  /// engine could have.
  private static double[] bySubstitution(double[] l, int lead, Row row, double[] x, double at) {
    int n = row.n();
    var w = new double[n];
    double variance = row.covariance(at, at);
    for (int i = 0; i < n; i++) {
      double sum = row.covariance(x[i], at);
      for (int q = 0; q < i; q++) {
        sum -= l[i * lead + q] * w[q];
      }
      w[i] = sum / l[i * lead + i];
      variance -= w[i] * w[i];
    }
    double slope = 0;
    for (int i = n - 1; i >= 0; i--) {
      double sum = w[i];
      for (int q = i + 1; q < n; q++) {
        sum -= l[q * lead + i] * w[q];
      }
      w[i] = sum / l[i * lead + i];
      slope -= 2 * w[i] * row.slope(at, x[i]);
    }
    return new double[] {Math.max(0, variance), slope};
  }
}
