package dev.assay.internal.surrogate;

import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A session whose factors serve from one proposal to the next: while the hyperparameters stay,
/// each observation since is appended in O(n²) rather than all factored anew in O(n³).
///
/// Models are always factored on the observations that their hyperparameters were fitted to, and
/// the rest appended one by one, whether the factors are kept or built anew: both give the same
/// digits, and a resumed search the same proposals.
final class KeptSession implements AutoCloseable {
  private final GpEngine engine;
  private final Box box;
  private @Nullable GpSession session;
  private List<GpSession.Model> models = List.of();
  private int base = -1; // observations that were factored at once; -1: nothing is kept
  private double[] points = {}; // n × d

  KeptSession(GpEngine engine, Box box) {
    this.engine = engine;
    this.box = box;
  }

  /// The session as it is.
  GpSession session() {
    if (session == null) {
      session = engine.open(box);
    }
    return session;
  }

  /// The session for other uses: nothing is kept.
  GpSession open() {
    base = -1;
    return session();
  }

  /// Conditions models on observations.
  ///
  /// @param newPoints n × d
  /// @param outputs columns of n values
  /// @param fittedTo the first so many of them are factored at once
  private void condition(
      double[] newPoints, double[][] outputs, List<GpSession.Model> newModels, int fittedTo) {
    int d = box.dimension();
    int n = outputs[0].length;
    int first = Math.clamp(fittedTo, 1, n);
    boolean same = base == first && equal(models, newModels) && startsWith(newPoints, points);
    var current = open(); // should anything be thrown on the way, nothing is kept
    if (!same) {
      current.observe(Arrays.copyOf(newPoints, first * d), upTo(outputs, first));
      current.condition(newModels);
    }
    for (int i = same ? points.length / d : first; i < n; i++) {
      current.append(Arrays.copyOfRange(newPoints, i * d, (i + 1) * d), row(outputs, i));
    }
    current.relabel(outputs);
    points = newPoints;
    models = List.copyOf(newModels);
    base = first;
  }

  /// Conditions models on what is known and, at each model's own mean, on the pending points
  /// (Ginsbourger, Le Riche and Carraro 2010, "kriging believer").
  ///
  /// @param chosen one model for each column of outputs
  /// @return those means, by model and pending point
  double[][] condition(Known known, List<FittedModels.Weighted> chosen, int fittedTo) {
    int count = chosen.size();
    var list = new ArrayList<GpSession.Model>();
    for (int k = 0; k < count; k++) {
      list.add(new GpSession.Model(chosen.get(k).member().covariance(), chosen.get(k).theta(), k));
    }
    var outputs = chosen.stream().map(FittedModels.Weighted::outputs).toArray(double[][]::new);
    condition(known.points(), outputs, list, fittedTo);
    int d = box.dimension();
    int q = d == 0 ? 0 : known.pending().length / d;
    var believed = new double[count][q];
    var mean = new double[1];
    for (int i = 0; i < q; i++) {
      var point = Arrays.copyOfRange(known.pending(), i * d, (i + 1) * d);
      var values = new double[count];
      for (int k = 0; k < count; k++) {
        session().predict(k, point, mean, new double[1]);
        values[k] = mean[0];
        believed[k][i] = mean[0];
      }
      append(point, values);
    }
    return believed;
  }

  /// Adds what is only believed of a pending point. The points that are kept are then more than are
  /// known; those that end in this order are kept still.
  private void append(double[] point, double[] values) {
    session().append(point, values);
    int size = points.length;
    points = Arrays.copyOf(points, size + point.length);
    System.arraycopy(point, 0, points, size, point.length);
  }

  private static boolean equal(List<GpSession.Model> a, List<GpSession.Model> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int k = 0; k < a.size(); k++) {
      boolean equal =
          a.get(k).output() == b.get(k).output()
              && a.get(k).covariance().equals(b.get(k).covariance())
              && Arrays.equals(a.get(k).theta(), b.get(k).theta());
      if (!equal) {
        return false;
      }
    }
    return true;
  }

  private static boolean startsWith(double[] points, double[] beginning) {
    return beginning.length <= points.length
        && Arrays.equals(beginning, 0, beginning.length, points, 0, beginning.length);
  }

  private static double[][] upTo(double[][] outputs, int n) {
    return Arrays.stream(outputs).map(y -> Arrays.copyOf(y, n)).toArray(double[][]::new);
  }

  private static double[] row(double[][] outputs, int i) {
    return Arrays.stream(outputs).mapToDouble(y -> y[i]).toArray();
  }

  @Override
  public void close() {
    base = -1;
    if (session != null) {
      session.close();
      session = null;
    }
  }
}
