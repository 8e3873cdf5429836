package dev.assay.internal.sampler.tpe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.sampler.prior.Axis;
import dev.assay.space.Choice;
import dev.assay.space.FloatRange;
import dev.assay.space.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Densities of many trials, beside a plain sum over them.
class BackgroundDensityTest {
  private static final double BASE = 0.3;
  private static final double PRIOR = 1.5;
  private static final double SMOOTHING = 0.75;
  private static final int OPTIONS = 3;

  /// Rows and axes that are whole blocks, parts and threes of them, and are not.
  @ParameterizedTest
  @CsvSource({
    "1,1,9",
    "300,1,9",
    "300,2,1",
    "256,3,9",
    "513,4,2",
    "300,17,5",
    "129,17,9",
    "777,40,9",
    "320,40,7"
  })
  void blocksPartsAndThreesAreThePlainSum(int n, int d, int category) {
    var random = new Random(n + d);
    var axes = axes(d, category);
    var density = new BackgroundDensity(axes, BASE);
    var rows = new double[n][];
    var weights = new double[n];
    for (int i = 0; i < n; i++) {
      rows[i] = point(axes, random);
      weights[i] = i % 7 == 3 ? 0 : random.nextDouble();
      density.add(rows[i]);
    }
    var candidates = new double[4][];
    candidates[0] = rows[n / 2]; // near one row
    candidates[1] = rows[n - 1];
    candidates[2] = point(axes, random);
    candidates[3] = new double[d]; // a corner: far from all where there are many axes
    var found = density.logDensities(candidates, weights, PRIOR, SMOOTHING);
    for (int c = 0; c < candidates.length; c++) {
      double plain = plain(axes, rows, weights, candidates[c]);
      assertThat(found[c]).isCloseTo(plain, within(1e-9 * Math.max(1, Math.abs(plain))));
    }
  }

  /// @param category every which axis has categories
  private static List<Axis> axes(int d, int category) {
    var axes = new ArrayList<Axis>();
    for (int j = 0; j < d; j++) {
      var values = j % category == category - 1 ? Choice.of("a", "b", "c") : new FloatRange(0, 1);
      axes.add(Axis.of(j, new Parameter("x" + j, values)));
    }
    return axes;
  }

  private static double[] point(List<Axis> axes, Random random) {
    return axes.stream()
        .mapToDouble(axis -> axis.isCategory() ? random.nextInt(OPTIONS) : random.nextDouble())
        .toArray();
  }

  private static double plain(List<Axis> axes, double[][] rows, double[] weights, double[] x) {
    int counted = (int) Arrays.stream(weights).filter(weight -> weight > 0).count();
    double level = Math.floor(Math.log(counted) / Math.log(1.25) + 1e-9);
    double sigma = BASE * Math.pow(1.25, -level / (axes.size() + 4.0));
    double pseudocount = SMOOTHING / (counted + 1);
    double uniform = PRIOR;
    for (var axis : axes) {
      uniform /= axis.isCategory() ? OPTIONS : 1;
    }
    double sum = uniform;
    double total = PRIOR;
    for (int i = 0; i < rows.length; i++) {
      double product = weights[i];
      for (int j = 0; j < x.length; j++) {
        if (axes.get(j).isCategory()) {
          product *= ((x[j] == rows[i][j] ? 1 : 0) + pseudocount) / (1 + pseudocount * OPTIONS);
        } else {
          var normal = new NormalDistribution(rows[i][j], sigma);
          product *= normal.density(x[j]) / normal.probability(0, 1);
        }
      }
      sum += product;
      total += weights[i];
    }
    return Math.log(sum / total);
  }
}
