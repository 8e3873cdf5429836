package dev.assay.internal.linalg;

import java.util.Arrays;

/// Minimises a smooth function in a box from many starts at once.
///
/// Projected limited-memory BFGS: variables at a bound that the gradient pushes against are held
/// (Bertsekas 1982, two-metric projection), the two-loop recursion (Nocedal and Wright 2006,
/// Algorithm 7.4) gives the direction of the others, and an Armijo search backtracks along the
/// projected path. Every start has a history of its own, and each round evaluates one point of
/// every start that is still moving in one batch: the same iterates as one start at a time, at a
/// fraction of the calls.
///
/// @param history pairs kept for each start
/// @param maxEvaluations of the function, for each start
/// @param gradientTolerance a start ends when its projected gradient's largest entry is below
/// @param valueTolerance a start ends when a step gains less than this share of max(|f|, 1)
public record LbfgsB(
    int history, int maxEvaluations, double gradientTolerance, double valueTolerance) {
  private static final double ARMIJO = 1e-4;

  /// Eight pairs; stops when the projected gradient is below 1e-6 or a step gains less than 1e-9.
  public LbfgsB(int maxEvaluations) {
    this(8, maxEvaluations, 1e-6, 1e-9);
  }

  /// Where each start ended.
  ///
  /// @param points starts × d
  /// @param values the function there; not finite where a start was outside the domain
  /// @param evaluations of the function, over all starts
  public record Result(double[] points, double[] values, int evaluations) {
    /// The index of the lowest finite value, or -1 when there is none.
    public int best() {
      int best = -1;
      for (int i = 0; i < values.length; i++) {
        if (Double.isFinite(values[i]) && (best < 0 || values[i] < values[best])) {
          best = i;
        }
      }
      return best;
    }
  }

  /// @param starts count × d; each is first moved into the box
  /// @param low d lower bounds, possibly infinite
  /// @param high d upper bounds, possibly infinite
  public Result minimise(BatchObjective objective, double[] starts, double[] low, double[] high) {
    int d = low.length;
    int count = d == 0 ? 0 : starts.length / d;
    var paths = new Path[count];
    for (int i = 0; i < count; i++) {
      paths[i] = new Path(Arrays.copyOfRange(starts, i * d, (i + 1) * d), low, high);
    }
    var points = new double[count * d];
    var values = new double[count];
    var gradients = new double[count * d];
    var who = new int[count];
    int evaluations = 0;
    while (true) {
      int live = 0;
      for (int i = 0; i < count; i++) {
        if (!paths[i].done) {
          System.arraycopy(paths[i].trial, 0, points, live * d, d);
          who[live++] = i;
        }
      }
      if (live == 0) {
        break;
      }
      objective.evaluate(points, who, live, values, gradients);
      evaluations += live;
      for (int k = 0; k < live; k++) {
        paths[who[k]].receive(values[k], gradients, k * d);
      }
    }
    for (int i = 0; i < count; i++) {
      System.arraycopy(paths[i].x, 0, points, i * d, d);
      values[i] = paths[i].f;
    }
    return new Result(points, values, evaluations);
  }

  /// One start: its iterate, its history, and the point that it wants evaluated next.
  private final class Path {
    private final int d;
    private final double[] low;
    private final double[] high;
    private final double[][] steps = new double[history][];
    private final double[][] changes = new double[history][];
    private final double[] curvature = new double[history];
    private int pairs; // ever stored
    private double[] x;
    private double[] gradient;
    private double f = Double.NaN;
    private double[] trial;
    private double[] direction;
    private double step;
    private int evaluations;
    private boolean done;

    Path(double[] start, double[] low, double[] high) {
      this.d = start.length;
      this.low = low;
      this.high = high;
      x = project(start);
      trial = x.clone();
      gradient = new double[d];
      direction = new double[d];
    }

    void receive(double value, double[] gradients, int at) {
      evaluations++;
      if (Double.isNaN(f)) { // the start itself
        if (!Double.isFinite(value)) {
          f = Double.POSITIVE_INFINITY;
          done = true;
          return;
        }
        accept(value, Arrays.copyOfRange(gradients, at, at + d));
        return;
      }
      double predicted = 0; // gᵀ(trial - x), negative
      for (int j = 0; j < d; j++) {
        predicted += gradient[j] * (trial[j] - x[j]);
      }
      if (Double.isFinite(value) && value <= f + ARMIJO * predicted) {
        double gain = f - value;
        var next = Arrays.copyOfRange(gradients, at, at + d);
        remember(next);
        x = trial.clone();
        accept(value, next);
        done |= gain <= valueTolerance * Math.max(1, Math.abs(f));
      } else {
        backtrack(value, predicted);
      }
    }

    private void accept(double value, double[] newGradient) {
      f = value;
      gradient = newGradient;
      done = evaluations >= maxEvaluations || projectedGradient() <= gradientTolerance;
      if (!done) {
        chooseDirection();
        propose();
      }
    }

    private void remember(double[] next) {
      var s = new double[d];
      var y = new double[d];
      double sy = 0;
      double yy = 0;
      for (int j = 0; j < d; j++) {
        s[j] = trial[j] - x[j];
        y[j] = next[j] - gradient[j];
        sy += s[j] * y[j];
        yy += y[j] * y[j];
      }
      if (sy > 1e-10 * yy && sy > 0) { // else the pair would spoil positive definiteness
        int slot = pairs++ % history;
        steps[slot] = s;
        changes[slot] = y;
        curvature[slot] = sy;
      }
    }

    /// The two-loop recursion on the free variables.
    private void chooseDirection() {
      for (int j = 0; j < d; j++) {
        direction[j] = held(j) ? 0 : -gradient[j];
      }
      int first = Math.max(0, pairs - history);
      var alpha = new double[history];
      for (int p = pairs - 1; p >= first; p--) {
        int slot = p % history;
        alpha[slot] = freeDot(steps[slot], direction) / curvature[slot];
        add(-alpha[slot], changes[slot]);
      }
      if (pairs > first) {
        int slot = (pairs - 1) % history;
        double scale = curvature[slot] / dot(changes[slot], changes[slot]);
        for (int j = 0; j < d; j++) {
          direction[j] *= scale;
        }
      }
      for (int p = first; p < pairs; p++) {
        int slot = p % history;
        double beta = freeDot(changes[slot], direction) / curvature[slot];
        add(alpha[slot] - beta, steps[slot]);
      }
      double slope = freeDot(gradient, direction);
      if (!(slope < 0)) { // restricted curvature may be indefinite: start the history afresh
        pairs = 0;
        for (int j = 0; j < d; j++) {
          direction[j] = held(j) ? 0 : -gradient[j];
        }
      }
      step =
          pairs > 0 ? 1 : Math.min(1, 1 / Math.sqrt(Math.max(dot(direction, direction), 1e-300)));
    }

    private void propose() {
      var moved = new double[d];
      for (int j = 0; j < d; j++) {
        moved[j] = x[j] + step * direction[j];
      }
      trial = project(moved);
    }

    private void backtrack(double value, double predicted) {
      double shrink = 0.1;
      if (Double.isFinite(value)) { // minimum of the parabola through f, its slope, and the trial
        shrink = -predicted / (2 * (value - f - predicted));
        shrink = Math.clamp(shrink, 0.1, 0.5);
      }
      step *= shrink;
      propose();
      done = evaluations >= maxEvaluations || Arrays.equals(trial, x);
    }

    private boolean held(int j) {
      return x[j] <= low[j] && gradient[j] > 0 || x[j] >= high[j] && gradient[j] < 0;
    }

    private double freeDot(double[] a, double[] b) {
      double sum = 0;
      for (int j = 0; j < d; j++) {
        sum += held(j) ? 0 : a[j] * b[j];
      }
      return sum;
    }

    private double dot(double[] a, double[] b) {
      double sum = 0;
      for (int j = 0; j < d; j++) {
        sum += a[j] * b[j];
      }
      return sum;
    }

    private void add(double factor, double[] v) {
      for (int j = 0; j < d; j++) {
        direction[j] += held(j) ? 0 : factor * v[j];
      }
    }

    private double projectedGradient() {
      double largest = 0;
      for (int j = 0; j < d; j++) {
        largest = Math.max(largest, held(j) ? 0 : Math.abs(gradient[j]));
      }
      return largest;
    }

    private double[] project(double[] v) {
      var inside = v.clone();
      for (int j = 0; j < d; j++) {
        inside[j] = Math.max(low[j], Math.min(high[j], inside[j]));
      }
      return inside;
    }
  }
}
