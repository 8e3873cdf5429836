package dev.assay.internal.engine;

import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.linalg.BatchObjective;
import dev.assay.internal.linalg.LbfgsB;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// Searches a box for the acquisition's maximum: screens candidates, then improves a few that lie
/// apart by turns of L-BFGS-B on the continuous coordinates and sweeps over the discrete ones. It
/// needs nothing of an engine but batches of values and gradients.
public final class AcquisitionMaximiser {
  /// Of screened points so many are looked at closer.
  private static final int KEPT = 256;

  /// Turns of discrete sweeps.
  private static final int ROUNDS = 8;

  /// Pairs that each climb keeps, and when it ends; [Ascent]s elsewhere keep to the same.
  public static final int HISTORY = 8;

  public static final double GRADIENT_TOLERANCE = 1e-6;
  public static final double VALUE_TOLERANCE = 1e-7;

  /// Starts closer than this (root mean square over coordinates) count as the same.
  private static final double APART = 0.05;

  /// Climbs from several points at once, each within the box and on its free coordinates.
  public interface Ascent {
    /// @param points starts × d; out: where each start ended
    /// @param free starts × d: which coordinates may move
    /// @param low d lower bounds, possibly infinite; likewise `high`
    /// @param values out: the acquisition at the ends; -∞ for a start outside its domain
    void climb(double[] points, boolean[] free, double[] low, double[] high, double[] values);
  }

  private final GpSession session;
  private final Ascent ascent;
  private final Box box;
  private final AcquisitionFunction function;
  private final MaximiserPlan plan;
  private final CandidateRule rule;
  private final @Nullable Preference preference;
  private final int d;

  public AcquisitionMaximiser(
      GpSession session,
      Box box,
      AcquisitionFunction function,
      MaximiserPlan plan,
      CandidateRule rule) {
    this(session, null, box, function, plan, rule);
  }

  /// @param ascent what climbs; null: L-BFGS-B here, over the session's batches
  public AcquisitionMaximiser(
      GpSession session,
      @Nullable Ascent ascent,
      Box box,
      AcquisitionFunction function,
      MaximiserPlan plan,
      CandidateRule rule) {
    this.session = session;
    preference = rule.preference();
    // An ascent of the engine's own knows nothing but its models.
    this.ascent = ascent == null || preference != null ? this::climbHere : ascent;
    this.box = box;
    this.function = function;
    this.plan = plan;
    this.rule = rule;
    this.d = box.dimension();
  }

  /// @throws NoSuchElementException if no candidate was acceptable
  public GpSession.Candidate maximise() {
    var candidates = new Candidates(box, plan, rule).draw(screened());
    if (candidates.isEmpty()) {
      throw new NoSuchElementException("no acceptable candidate");
    }
    var values = values(candidates);
    var order = new ArrayList<Integer>();
    for (int i = 0; i < candidates.size(); i++) {
      order.add(i);
    }
    order.sort((a, b) -> Double.compare(values[b], values[a]));
    int first = order.getFirst();
    var best = new GpSession.Candidate(candidates.get(first), values[first]);
    if (rule.listed() != null) {
      return best;
    }
    for (var end : improve(apart(candidates, order))) {
      if (end.value() > best.value() && rule.acceptable(end.point())) {
        best = end;
      }
    }
    return best;
  }

  /// The best of many Sobol points, where the plan has many and they need not be drawn one by one
  /// around the best observation.
  private List<GpSession.Candidate> screened() {
    if (rule.listed() != null) {
      return List.of();
    }
    boolean movesAll = !plan.isBounded() || d <= Candidates.MOVED;
    if (plan.sobol() <= Candidates.MOST_DRAWN || !movesAll || box.size() <= Candidates.ENUMERABLE) {
      return List.of();
    }
    var low = new double[d];
    var high = new double[d];
    Arrays.setAll(low, plan::low);
    Arrays.setAll(high, plan::high);
    var net = new CandidateNet(box, plan.sobol(), low, high, plan.seed());
    return preference == null
        ? session.screen(function, net, KEPT)
        : Screening.exhaustive(this::evaluate, net, KEPT);
  }

  private double[] values(List<double[]> points) {
    var values = new double[points.size()];
    evaluate(flat(points), values);
    return values;
  }

  private void evaluate(double[] points, double[] values) {
    session.acquisition(function, points, values);
    if (preference != null) {
      preference.addTo(points, values, null);
    }
  }

  private double[] flat(List<double[]> points) {
    var flat = new double[points.size() * d];
    for (int i = 0; i < points.size(); i++) {
      System.arraycopy(points.get(i), 0, flat, i * d, d);
    }
    return flat;
  }

  /// The best candidates that are not close to a better one.
  private List<double[]> apart(List<double[]> candidates, List<Integer> order) {
    var chosen = new ArrayList<double[]>();
    for (int i : order) {
      var candidate = candidates.get(i);
      if (chosen.stream().allMatch(c -> box.distance(c, 0, candidate, 0) > APART)) {
        chosen.add(candidate.clone());
        if (chosen.size() == plan.starts()) {
          break;
        }
      }
    }
    return chosen;
  }

  private List<GpSession.Candidate> improve(List<double[]> starts) {
    var points = starts;
    var values = new double[points.size()];
    Arrays.fill(values, Double.NEGATIVE_INFINITY);
    boolean discrete =
        box.coordinates().stream().anyMatch(c -> !(c instanceof Coordinate.Continuous));
    boolean continuous =
        box.coordinates().stream().anyMatch(c -> c instanceof Coordinate.Continuous);
    for (int round = 0; round < (discrete ? ROUNDS : 1); round++) {
      if (continuous) {
        climb(points, values);
      } else if (round == 0) {
        values = values(points);
      }
      if (!discrete || !sweep(points, values)) {
        break;
      }
    }
    var ends = new ArrayList<GpSession.Candidate>();
    for (int i = 0; i < points.size(); i++) {
      ends.add(new GpSession.Candidate(points.get(i), values[i]));
    }
    return ends;
  }

  /// Moves each point along its free continuous coordinates.
  private void climb(List<double[]> points, double[] values) {
    var free = new boolean[points.size() * d];
    var active = new boolean[d];
    for (int i = 0; i < points.size(); i++) {
      rule.canonicalise(points.get(i), active);
      for (int j = 0; j < d; j++) {
        free[i * d + j] = active[j] && box.coordinates().get(j) instanceof Coordinate.Continuous;
      }
    }
    var low = new double[d];
    var high = new double[d];
    Arrays.fill(low, Double.NEGATIVE_INFINITY);
    Arrays.fill(high, Double.POSITIVE_INFINITY);
    for (int j = 0; j < d; j++) {
      if (box.coordinates().get(j) instanceof Coordinate.Continuous) {
        low[j] = plan.low(j);
        high[j] = plan.high(j);
      }
    }
    var ends = flat(points);
    ascent.climb(ends, free, low, high, values);
    for (int i = 0; i < values.length; i++) {
      System.arraycopy(ends, i * d, points.get(i), 0, d);
    }
  }

  /// L-BFGS-B; the gradient of coordinates that are not free is masked, so they stay.
  private void climbHere(
      double[] points, boolean[] free, double[] low, double[] high, double[] values) {
    BatchObjective descent =
        (batch, which, count, f, g) -> {
          var at = Arrays.copyOf(batch, count * d);
          session.acquisition(function, at, f, g);
          if (preference != null) {
            preference.addTo(at, f, g);
          }
          for (int i = 0; i < count; i++) {
            f[i] = -f[i];
            for (int j = 0; j < d; j++) {
              g[i * d + j] = free[which[i] * d + j] ? -g[i * d + j] : 0;
            }
          }
        };
    var result =
        new LbfgsB(HISTORY, plan.maxEvaluations(), GRADIENT_TOLERANCE, VALUE_TOLERANCE)
            .minimise(descent, points, low, high);
    System.arraycopy(result.points(), 0, points, 0, points.length);
    for (int i = 0; i < values.length; i++) {
      values[i] = -result.values()[i];
    }
  }

  /// Tries every neighbour in one discrete coordinate of every point, all in one batch; takes each
  /// point's best.
  private boolean sweep(List<double[]> points, double[] values) {
    var neighbours = new ArrayList<double[]>();
    var owners = new ArrayList<Integer>();
    var active = new boolean[d];
    for (int i = 0; i < points.size(); i++) {
      if (!Double.isFinite(values[i])) {
        continue;
      }
      for (var neighbour : Candidates.neighbours(box, points.get(i))) {
        rule.canonicalise(neighbour, active);
        if (!Arrays.equals(neighbour, points.get(i)) && rule.acceptable(neighbour)) {
          neighbours.add(neighbour);
          owners.add(i);
        }
      }
    }
    if (neighbours.isEmpty()) {
      return false;
    }
    var found = values(neighbours);
    boolean moved = false;
    for (int k = 0; k < found.length; k++) {
      int i = owners.get(k);
      if (found[k] > values[i] + 1e-9 * Math.abs(values[i])) {
        points.set(i, neighbours.get(k));
        values[i] = found[k];
        moved = true;
      }
    }
    return moved;
  }
}
