package dev.assay.internal.engine;

import dev.assay.random.Philox;
import dev.assay.random.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The points that a search of the box looks at first: acceptable, canonical, each once.
public final class Candidates {
  private static final double[] WIDTHS = {0.2, 0.05, 0.01};
  private static final int CENTRES = 4;

  /// A finite box of at most this many points is listed rather than sampled.
  static final int ENUMERABLE = 4096;

  /// Coordinates that move at once where the search is bounded, on average.
  static final double MOVED = 20;

  /// The most Sobol points that are drawn here, one by one.
  static final int MOST_DRAWN = 4096;

  /// Draws that may be refused before a space counts as (nearly) exhausted.
  private static final int PATIENCE = 20_000;

  /// Points that are drawn where something speaks for them.
  private static final int PREFERRED = 64;

  /// Candidates up to which points that may not be proposed are mended.
  private static final int MENDED = 512;

  private final Box box;
  private final MaximiserPlan plan;
  private final CandidateRule rule;
  private final int d;
  private final RandomGenerator random;
  private final List<double[]> accepted = new ArrayList<>();
  private final Set<Coordinates> seen = new HashSet<>();
  private final boolean[] active;

  public Candidates(Box box, MaximiserPlan plan, CandidateRule rule) {
    this.box = box;
    this.plan = plan;
    this.rule = rule;
    this.d = box.dimension();
    this.random = new Philox(plan.seed(), Purpose.ACQUISITION.ordinal());
    this.active = new boolean[d];
  }

  public List<double[]> draw() {
    return draw(List.of());
  }

  /// @param best of a net that was screened, beside some that were not: these may lie close
  ///   together, or be refused; or none
  public List<double[]> draw(List<GpSession.Candidate> best) {
    var listed = rule.listed();
    if (listed != null) {
      return listed;
    }
    if (box.size() <= ENUMERABLE) {
      enumerate(new double[d], 0);
      return accepted;
    }
    int drawn = Math.min(plan.sobol(), best.isEmpty() ? MOST_DRAWN : MaximiserPlan.SOBOL);
    var net = CandidateNet.of(box, Math.max(1, drawn), plan.seed());
    for (int i = 0; i < drawn; i++) {
      offer(placed(net.point(i)));
    }
    best.forEach(candidate -> offer(candidate.point()));
    int observed = plan.observed().length / Math.max(d, 1);
    for (int centre = 0; centre < Math.min(CENTRES, observed); centre++) {
      for (double width : WIDTHS) {
        for (int i = 0; i < plan.steps(); i++) {
          offer(step(observed(centre), width));
        }
      }
    }
    int parents = Math.max(2, observed / 5);
    for (int i = 0; observed >= 2 && i < plan.crossings(); i++) {
      offer(cross(observed(random.nextInt(parents)), observed(random.nextInt(parents))));
    }
    var preference = plan.isBounded() ? null : rule.preference();
    for (int i = 0; preference != null && i < PREFERRED; i++) {
      offer(preference.draw(random));
    }
    for (int i = 0; accepted.isEmpty() && i < PATIENCE; i++) {
      var point = new double[d];
      for (int j = 0; j < d; j++) {
        point[j] = box.coordinates().get(j).fromUnit(random.nextDouble());
      }
      offer(placed(point));
    }
    return accepted;
  }

  private double[] placed(double[] spread) {
    return plan.isBounded() && plan.observed().length >= d ? aroundTheBest(spread) : spread;
  }

  /// A few coordinates of the best point moved within the bounds: where all move at once in many
  /// dimensions, all candidates are far away (Eriksson et al. 2019, supplement).
  private double[] aroundTheBest(double[] spread) {
    var point = observed(0);
    int sure = random.nextInt(d);
    for (int j = 0; j < d; j++) {
      if (j == sure || random.nextDouble() * d < MOVED) {
        point[j] =
            switch (box.coordinates().get(j)) {
              case Coordinate.Continuous _ ->
                  plan.low(j) + spread[j] * (plan.high(j) - plan.low(j));
              case Coordinate.Grid grid ->
                  grid.positions()[
                      grid.nearest(plan.low(j) + spread[j] * (plan.high(j) - plan.low(j)))];
              case Coordinate.Category _ -> spread[j];
            };
      }
    }
    return point;
  }

  private double[] observed(int i) {
    return Arrays.copyOfRange(plan.observed(), i * d, (i + 1) * d);
  }

  private void offer(double[] point) {
    rule.canonicalise(point, active);
    if (!isNew(point)) {
      return;
    }
    if (rule.acceptable(point)) {
      accepted.add(point);
    } else if (accepted.size() < MENDED) {
      var mended = rule.mended(point, random);
      if (mended != null && isNew(mended)) {
        accepted.add(mended);
      }
    }
  }

  private boolean isNew(double[] point) {
    return seen.add(new Coordinates(point.clone()));
  }

  /// A point that is equal to another with the same coordinates.
  private static final class Coordinates {
    private final double[] point;
    private final int hash;

    Coordinates(double[] point) {
      this.point = point;
      hash = Arrays.hashCode(point);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Coordinates that && Arrays.equals(point, that.point);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private void enumerate(double[] prefix, int j) {
    if (j == d) {
      offer(prefix.clone());
      return;
    }
    for (double value : values(box.coordinates().get(j))) {
      prefix[j] = value;
      enumerate(prefix, j + 1);
    }
  }

  private static double[] values(Coordinate coordinate) {
    return switch (coordinate) {
      case Coordinate.Continuous _ -> throw new IllegalStateException("not finite");
      case Coordinate.Grid(var positions) -> positions;
      case Coordinate.Category(int options) -> {
        var values = new double[options];
        for (int i = 0; i < options; i++) {
          values[i] = i;
        }
        yield values;
      }
    };
  }

  /// Moves a random half of the coordinates, at least one.
  private double[] step(double[] point, double width) {
    int sure = random.nextInt(d);
    for (int j = 0; j < d; j++) {
      boolean moves = j == sure || random.nextBoolean();
      point[j] = within(j, moves ? moved(box.coordinates().get(j), point[j], width) : point[j]);
    }
    return point;
  }

  /// What lies outside the bounds is moved to them: what was observed may have been anywhere.
  private double within(int j, double value) {
    return switch (box.coordinates().get(j)) {
      case Coordinate.Continuous _ -> Math.clamp(value, plan.low(j), plan.high(j));
      case Coordinate.Grid grid ->
          plan.isBounded()
              ? grid.positions()[grid.nearest(Math.clamp(value, plan.low(j), plan.high(j)))]
              : value;
      case Coordinate.Category _ -> value;
    };
  }

  private double moved(Coordinate coordinate, double value, double width) {
    double target = value + width * random.nextGaussian();
    return switch (coordinate) {
      case Coordinate.Continuous _ -> target;
      case Coordinate.Grid grid -> {
        int from = grid.nearest(value);
        int to = grid.nearest(target);
        if (to == from) { // a step narrower than the grid still moves
          to = Math.clamp(from + (random.nextBoolean() ? 1 : -1), 0, grid.positions().length - 1);
        }
        yield grid.positions()[to];
      }
      case Coordinate.Category(int options) ->
          random.nextDouble() < 2 * width ? random.nextInt(options) : value;
    };
  }

  private double[] cross(double[] a, double[] b) {
    for (int j = 0; j < d; j++) {
      if (random.nextBoolean()) {
        a[j] = b[j];
      }
      a[j] = within(j, a[j]);
    }
    return a;
  }

  /// The point with one discrete coordinate changed: every option of a category, every position of
  /// a short grid, steps of 1, 2, 4, ... on a long one.
  static List<double[]> neighbours(Box box, double[] point) {
    var all = new ArrayList<double[]>();
    for (int j = 0; j < box.dimension(); j++) {
      switch (box.coordinates().get(j)) {
        case Coordinate.Continuous _ -> {}
        case Coordinate.Category category -> {
          for (double value : values(category)) {
            all.add(with(point, j, value));
          }
        }
        case Coordinate.Grid grid -> {
          int length = grid.positions().length;
          int at = grid.nearest(point[j]);
          for (int step = 1; step < length; step = length <= 16 ? step + 1 : 2 * step) {
            if (at + step < length) {
              all.add(with(point, j, grid.positions()[at + step]));
            }
            if (at - step >= 0) {
              all.add(with(point, j, grid.positions()[at - step]));
            }
          }
        }
      }
    }
    return all;
  }

  private static double[] with(double[] point, int j, double value) {
    var changed = point.clone();
    changed[j] = value;
    return changed;
  }
}
