package dev.assay.internal.sampler.curves;

import dev.assay.space.Configuration;
import dev.assay.trial.Cause;
import dev.assay.trial.Direction;
import dev.assay.trial.History;
import dev.assay.trial.Report;
import dev.assay.trial.Segment;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The curves that finished trials make, and their cells. Grows as the history does.
///
/// A trial that completed is a cell at its last step. One that failed is a cell where it died with
/// the worst value so far, and its curve is closed; so is that of one that was pruned. Of a trial
/// that is no segment, its reports are thinned to cells. Whoever ran a trial being gone says
/// nothing of its configuration: the curve is gone on with from where it was, until that happened
/// too often.
final class Curves {
  /// The note that says why a segment was proposed.
  static final String CHOICE = "choice";

  /// Its value where a curve was gone on with for the sake of depth.
  static final String DEPTH = "depth";

  private static final int MOST_LOST = 3;

  /// The share of cost that goes to the best expected end until ends are known.
  private static final double UNTIL_KNOWN = 0.75;

  /// So many trainings that are through tell of ends whatever they came to; one does that came to
  /// the best value so far. One that stayed at chance says nothing.
  private static final int ENOUGH = 4;

  private final CurveEncoding encoding;
  private final Direction direction;
  private final ToLongFunction<Configuration> whole;
  private final List<Curve> curves = new ArrayList<>();
  private final List<double[]> points = new ArrayList<>();
  private final Map<Integer, Curve> ofTrial = new HashMap<>();
  private final Map<Configuration, List<Curve>> ofConfiguration = new HashMap<>();
  private final Cells cells = new Cells();
  private final StepCosts costs;

  /// By record: how many cells and curves there were after it.
  private final List<Integer> cellsAfter = new ArrayList<>();

  private final List<Integer> curvesAfter = new ArrayList<>();

  private final double depth;
  private boolean endsKnown;
  private int through;

  /// What depth is due of all that was spent, less what was spent on it.
  private double owed;

  /// @param whole steps of a configuration's training
  /// @param costs what steps cost
  /// @param depth the share of all cost that is due to depth
  Curves(
      CurveEncoding encoding,
      Direction direction,
      ToLongFunction<Configuration> whole,
      StepCosts costs,
      double depth) {
    this.depth = depth;
    this.costs = costs;
    this.encoding = encoding;
    this.direction = direction;
    this.whole = whole;
  }

  /// Takes in what the history has beyond what was taken in.
  void learn(History history) {
    for (int i = cellsAfter.size(); i < history.size(); i++) {
      add(history.get(i));
      cellsAfter.add(cells.size());
      curvesAfter.add(curves.size());
    }
  }

  private void add(TrialRecord trial) {
    var segment = Segment.of(trial);
    var parent = segment == null || segment.parent() == null ? null : ofTrial.get(segment.parent());
    var curve = parent == null ? begin(trial.configuration(), segment) : parent;
    ofTrial.put(trial.number(), curve);
    long from = segment == null ? 0 : segment.from();
    long last = trial.reports().isEmpty() ? 0 : trial.reports().getLast().step();
    switch (trial.state()) {
      case COMPLETE -> {
        // A program that ignored where to stop has done more.
        long to =
            Math.clamp(
                Math.max(last, segment == null ? curve.whole : segment.to()), 1, curve.whole);
        complete(curve, trial, segment, to);
        spend(curve, trial, to - from);
      }
      case PRUNED -> {
        reports(curve, trial.reports(), Long.MAX_VALUE);
        curve.closed = true;
        spend(curve, trial, last - from);
      }
      case FAILED -> {
        fail(curve, trial, Math.max(last, from + 1));
        spend(curve, trial, last - from);
      }
      case WAITING, RUNNING, DISCARDED -> {}
    }
  }

  private Curve begin(Configuration configuration, @Nullable Segment segment) {
    long steps =
        segment == null || segment.whole() == null
            ? whole.applyAsLong(configuration)
            : segment.whole();
    var curve =
        new Curve(curves.size(), configuration, encoding.point(configuration), Math.max(1, steps));
    curves.add(curve);
    points.add(curve.point);
    ofConfiguration.computeIfAbsent(configuration, _ -> new ArrayList<>()).add(curve);
    return curve;
  }

  private void complete(Curve curve, TrialRecord trial, @Nullable Segment segment, long to) {
    double value = -direction.asLoss(trial.value());
    if (segment == null) {
      reports(curve, trial.reports(), to);
    }
    cells.add(curve.index, curve.share(to), value);
    curve.last = trial.number();
    curve.done = Math.max(to, curve.done);
    curve.closed = segment == null || to >= curve.whole || !Segment.isPaused(trial);
    if (curve.closed) {
      through++;
      endsKnown |= through >= ENOUGH || value >= cells.best(cells.size());
    }
  }

  private void fail(Curve curve, TrialRecord trial, long step) {
    if (trial.cause() == Cause.LOST && ++curve.lost < MOST_LOST) {
      return;
    }
    curve.closed = true;
    double worst = cells.worst();
    if (trial.cause() != Cause.LOST && !Double.isNaN(worst)) {
      cells.add(curve.index, curve.share(step), worst);
    }
  }

  private void reports(Curve curve, List<Report> reports, long before) {
    thin(
        reports,
        direction,
        curve.whole,
        before,
        (step, value) -> cells.add(curve.index, curve.share(step), value));
  }

  /// A value at a step, larger being better.
  interface Seen {
    void at(long step, double value);
  }

  /// The last report before each share that is looked at.
  ///
  /// @param before a step whose value is known otherwise
  static void thin(List<Report> reports, Direction direction, long whole, long before, Seen seen) {
    long boundary = Curve.next(0, whole);
    for (int i = 0; i < reports.size(); i++) {
      long step = reports.get(i).step();
      boolean last = i + 1 == reports.size() || reports.get(i + 1).step() > boundary;
      double value = reports.get(i).values().getFirst();
      if (last && step < before && Double.isFinite(value)) {
        seen.at(step, -direction.asLoss(value));
      }
      while (last
          && boundary < whole
          && i + 1 < reports.size()
          && reports.get(i + 1).step() > boundary) {
        boundary = Curve.next(boundary, whole);
      }
    }
  }

  private void spend(Curve curve, TrialRecord trial, long steps) {
    double cost = costs.of(trial);
    costs.add(curve.index, steps, cost);
    double paid =
        Double.isNaN(cost)
            ? Math.max(0, steps) * Math.exp(costs.log(curve.index, curve.point))
            : cost;
    owed += paid * (endsKnown ? depth : Math.max(depth, UNTIL_KNOWN));
    if (DEPTH.equals(trial.notes().get(CHOICE))) {
      owed -= paid;
    }
  }

  StepCosts costs() {
    return costs;
  }

  /// How many records were taken in.
  int records() {
    return cellsAfter.size();
  }

  /// How many cells so many records made.
  int cellsAfter(int records) {
    return records == 0 ? 0 : cellsAfter.get(records - 1);
  }

  /// How many curves so many records began.
  int curvesAfter(int records) {
    return records == 0 ? 0 : curvesAfter.get(records - 1);
  }

  Cells cells() {
    return cells;
  }

  List<Curve> all() {
    return curves;
  }

  /// By curve.
  List<double[]> points() {
    return points;
  }

  /// The curves of a configuration.
  List<Curve> of(Configuration configuration) {
    return ofConfiguration.getOrDefault(configuration, List.of());
  }

  /// Whether depth has not had its share of all cost. What was spent before ends were known is
  /// accounted for by the share of that time, so that it is no advance on what comes later.
  boolean isDepthDue() {
    return owed > 0;
  }
}
