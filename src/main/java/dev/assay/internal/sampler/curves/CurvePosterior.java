package dev.assay.internal.sampler.curves;

import dev.assay.internal.linalg.DenseAlgebra;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What is believed of columns' values at the horizon, after cells that are added one at a time.
/// Cells that are only supposed can be taken back.
///
/// To add one takes O(n² + n m), most of it reading V.
final class CurvePosterior {
  /// No curve: a column that nobody began.
  static final int NEW = -1;

  /// Columns whose cache lines fit into the first level.
  private static final int BLOCK = 32;

  private final CurveKernel kernel;

  /// By cell: its curve, its point and u.
  private final List<Integer> curves = new ArrayList<>();

  private final List<double[]> places = new ArrayList<>();
  private final List<Double> shares = new ArrayList<>();

  /// L, with room for more rows.
  private double[] factor = new double[0];

  private int stride;

  /// The rows of V, with room for more columns.
  private final List<double[]> v = new ArrayList<>();

  private final List<Double> beta = new ArrayList<>();

  /// By column: its point and its curve.
  private final List<double[]> points = new ArrayList<>();

  private final List<Integer> owners = new ArrayList<>();

  private double[] mean = new double[0];
  private double[] variance = new double[0];

  /// The cells that are not only supposed, and mean and variance with these alone.
  private int certain;

  private double[] certainMean = mean;
  private double[] certainVariance = variance;

  CurvePosterior(CurveKernel kernel) {
    this.kernel = kernel;
  }

  /// Sets the first cells and columns, by one factorisation.
  ///
  /// @param points of the curves, by curve
  /// @param columns their points
  /// @param owners their curves, or [#NEW]
  /// @return false where K has no factor
  boolean begin(
      Cells cells, double[] z, List<double[]> points, List<double[]> columns, int[] owners) {
    int n = z.length;
    stride = n + n / 4 + 64;
    var k = new double[stride * stride];
    var near = new Nearness(kernel, points);
    for (int i = 0; i < n; i++) {
      int curve = cells.curve(i);
      add(curve, points.get(curve), cells.share(i));
      for (int j = 0; j <= i; j++) {
        k[i * stride + j] =
            kernel.covariance(
                near.of(curve, cells.curve(j)),
                kernel.steps(cells.share(i), cells.share(j)),
                curve == cells.curve(j));
      }
      k[i * stride + i] += kernel.noise;
    }
    var algebra = DenseAlgebra.best();
    if (algebra.cholesky(k, n, stride) != 0) {
      return false;
    }
    int m = columns.size();
    for (int c = 0; c < m; c++) {
      this.points.add(columns.get(c));
      this.owners.add(owners[c]);
    }
    var b = new double[m * n];
    for (int c = 0; c < m; c++) {
      var of = near.to(columns.get(c));
      for (int i = 0; i < n; i++) {
        int curve = cells.curve(i);
        b[c * n + i] =
            kernel.covariance(of[curve], kernel.steps(cells.share(i), 1), curve == owners[c]);
      }
    }
    algebra.solveLower(k, n, stride, b, m);
    var right = z.clone();
    algebra.solveLower(k, n, stride, right, 1);
    reserve(m + 64);
    for (int c = 0; c < m; c++) {
      variance[c] = kernel.variance(1);
    }
    factor = k;
    for (int i = 0; i < n; i++) {
      v.add(new double[mean.length]);
      beta.add(right[i]);
    }
    transpose(b, n, m);
    for (int i = 0; i < n; i++) {
      learn(v.get(i), right[i]);
    }
    keep();
    return true;
  }

  /// Into the rows of V, block by block: each would otherwise read as many cache lines as there are
  /// columns.
  private void transpose(double[] b, int n, int m) {
    for (int from = 0; from < m; from += BLOCK) {
      int to = Math.min(m, from + BLOCK);
      for (int i = 0; i < n; i++) {
        var row = v.get(i);
        for (int c = from; c < to; c++) {
          row[c] = b[c * n + i];
        }
      }
    }
  }

  private void add(int curve, double[] point, double share) {
    curves.add(curve);
    places.add(point);
    shares.add(share);
  }

  private double between(int i, int j) {
    return kernel.covariance(
        places.get(i),
        shares.get(i),
        places.get(j),
        shares.get(j),
        curves.get(i).equals(curves.get(j)));
  }

  private double toColumn(int i, int column) {
    return kernel.covariance(
        places.get(i),
        shares.get(i),
        points.get(column),
        1,
        curves.get(i).equals(owners.get(column)));
  }

  private void reserve(int columns) {
    if (columns > mean.length) {
      int room = columns + columns / 4;
      mean = Arrays.copyOf(mean, room);
      variance = Arrays.copyOf(variance, room);
      certainMean = Arrays.copyOf(certainMean, room);
      certainVariance = Arrays.copyOf(certainVariance, room);
      v.replaceAll(row -> Arrays.copyOf(row, room));
    }
  }

  private void learn(double[] row, double weight) {
    int m = points.size();
    for (int c = 0; c < m; c++) {
      mean[c] += weight * row[c];
      variance[c] -= row[c] * row[c];
    }
  }

  private void keep() {
    certain = curves.size();
    certainMean = mean.clone();
    certainVariance = variance.clone();
  }

  /// The number of columns.
  int columns() {
    return points.size();
  }

  double[] point(int column) {
    return points.get(column);
  }

  double mean(int column) {
    return mean[column];
  }

  double deviation(int column) {
    return Math.sqrt(Math.max(variance[column], 1e-12));
  }

  /// A column becomes a curve: what was begun.
  void own(int column, int curve) {
    owners.set(column, curve);
  }

  /// One column more.
  ///
  /// @return its index
  int addColumn(double[] point, int curve) {
    points.add(point);
    owners.add(curve);
    int column = points.size() - 1;
    reserve(points.size());
    var solved = new double[curves.size()];
    double sum = 0;
    double left = kernel.variance(1);
    for (int i = 0; i < solved.length; i++) {
      solved[i] = solve(i, solved, toColumn(i, column));
      v.get(i)[column] = solved[i];
      sum += solved[i] * beta.get(i);
      left -= solved[i] * solved[i];
      if (i + 1 == certain) {
        certainMean[column] = sum;
        certainVariance[column] = left;
      }
    }
    if (certain == 0) {
      certainVariance[column] = kernel.variance(1);
    }
    mean[column] = sum;
    variance[column] = left;
    return column;
  }

  /// The i-th entry of L⁻¹ k.
  private double solve(int i, double[] solved, double k) {
    int at = i * stride;
    double even = 0;
    double odd = 0;
    int j = 0;
    for (; j + 1 < i; j += 2) {
      even += factor[at + j] * solved[j];
      odd += factor[at + j + 1] * solved[j + 1];
    }
    if (j < i) {
      even += factor[at + j] * solved[j];
    }
    return (k - (even + odd)) / factor[at + i];
  }

  /// A cell more, which was seen.
  void see(int curve, double[] point, double share, double z) {
    forget();
    append(curve, point, share, z);
    keep();
  }

  /// A cell more, which is supposed to be what is expected: it makes columns more certain, and
  /// their means stay.
  void suppose(int curve, double[] point, double share) {
    append(curve, point, share, Double.NaN);
  }

  /// A cell more that is only asked with.
  void suppose(int curve, double[] point, double share, double z) {
    append(curve, point, share, z);
  }

  /// The last column goes.
  void removeColumn() {
    points.removeLast();
    owners.removeLast();
  }

  /// How many cells are supposed.
  int supposed() {
    return curves.size() - certain;
  }

  /// Takes back what was supposed.
  void forget() {
    if (supposed() == 0) {
      return;
    }
    for (int i = curves.size() - 1; i >= certain; i--) {
      curves.removeLast();
      places.removeLast();
      shares.removeLast();
      v.removeLast();
      beta.removeLast();
    }
    System.arraycopy(certainMean, 0, mean, 0, points.size());
    System.arraycopy(certainVariance, 0, variance, 0, points.size());
  }

  /// The last row of L.
  private void write(double[] row) {
    if (row.length > stride) {
      int longer = row.length + row.length / 4 + 64;
      var larger = new double[longer * longer];
      for (int i = 0; i + 1 < row.length; i++) {
        System.arraycopy(factor, i * stride, larger, i * longer, i + 1);
      }
      factor = larger;
      stride = longer;
    }
    System.arraycopy(row, 0, factor, (row.length - 1) * stride, row.length);
  }

  /// @param z NaN: what is expected
  private void append(int curve, double[] point, double share, double z) {
    int n = curves.size();
    int m = points.size();
    add(curve, point, share);
    var last = new double[n + 1];
    double square = 0;
    double expected = 0;
    for (int i = 0; i < n; i++) {
      last[i] = solve(i, last, between(n, i));
      square += last[i] * last[i];
      expected += last[i] * beta.get(i);
    }
    // The noise is a lower bound; half of it is left to rounding.
    double pivot =
        Math.sqrt(Math.max(kernel.variance(share) + kernel.noise - square, 0.5 * kernel.noise));
    last[n] = pivot;
    var row = new double[mean.length];
    for (int c = 0; c < m; c++) {
      row[c] = toColumn(n, c);
    }
    for (int i = 0; i < n; i++) {
      double weight = last[i];
      var other = v.get(i);
      for (int c = 0; c < m; c++) {
        row[c] -= weight * other[c];
      }
    }
    for (int c = 0; c < m; c++) {
      row[c] /= pivot;
    }
    double weight = Double.isNaN(z) ? 0 : (z - expected) / pivot;
    write(last);
    v.add(row);
    beta.add(weight);
    learn(row, weight);
  }

  /// What is believed at the horizon of points that are no columns.
  ///
  /// @param some their points
  /// @param means and deviations, by point: what is found
  void ask(List<double[]> some, double[] means, double[] deviations) {
    int count = some.size();
    int n = curves.size();
    var solved = new double[count * n];
    for (int c = 0; c < count; c++) {
      for (int i = 0; i < n; i++) {
        solved[c * n + i] = kernel.covariance(places.get(i), shares.get(i), some.get(c), 1, false);
      }
    }
    DenseAlgebra.best().solveLower(factor, n, stride, solved, count);
    for (int c = 0; c < count; c++) {
      double mean = 0;
      double left = kernel.variance(1);
      for (int i = 0; i < n; i++) {
        double own = solved[c * n + i];
        mean += own * beta.get(i);
        left -= own * own;
      }
      means[c] = mean;
      deviations[c] = Math.sqrt(Math.max(left, 1e-12));
    }
  }
}
