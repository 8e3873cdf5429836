package dev.assay.internal.sampler.curves;

import dev.assay.internal.statistics.NormalTail;
import dev.assay.random.Purpose;
import dev.assay.space.Configuration;
import dev.assay.trial.History;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.Segment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The decisions of a [FreezeThawSampler]. What is under way is supposed to come out as expected;
/// its curve is left alone until it ends.
final class FreezeThawSearch implements Sampler.Proposer {
  private static final String START = "start";
  private static final String THAW = "thaw";

  /// Curves whose neighbourhoods are worth a look.
  private static final int BEST = 5;

  /// Steps away from the best candidate that are tried before it is begun.
  private static final int REFINED = 24;

  private static final double[] REFINEMENTS = {0.05, 0.015};

  private final FreezeThawSampler settings;
  private final SearchTask task;
  private final ToLongFunction<Configuration> whole;
  private final CurveEncoding encoding;
  private final Curves curves;
  private final CandidatePool pool;

  private @Nullable CurveModel model;

  /// The records up to which the model was looked for, which may not have been possible.
  private int triedAt;

  /// By column of the model: whose it is.
  private final List<Configuration> columns = new ArrayList<>();

  /// The columns of configurations that nobody had begun.
  private final Map<Configuration, Integer> columnOf = new HashMap<>();

  /// By curve: its column.
  private final List<Integer> columnOfCurve = new ArrayList<>();

  /// What the model supposes, in order.
  private final List<Configuration> supposed = new ArrayList<>();

  FreezeThawSearch(
      FreezeThawSampler settings, SearchTask task, ToLongFunction<Configuration> whole) {
    this.settings = settings;
    this.task = task;
    this.whole = whole;
    encoding = new CurveEncoding(task.space());
    curves =
        new Curves(
            encoding,
            task.objectives().getFirst().direction(),
            whole,
            new StepCosts(settings.cost(), task.objectives()),
            settings.depth());
    pool = new CandidatePool(task.space());
  }

  @Override
  public @Nullable Proposal propose(int trial, History history) {
    curves.learn(history);
    var busy = busy(history);
    if (begun(busy) < settings.starts()) {
      var drawn = fresh(trial, history);
      if (drawn != null) {
        return drawn;
      }
    }
    var current = model();
    if (current == null) {
      return blindly(trial, history, busy);
    }
    suppose(current, busy);
    var chosen = choose(current, history, busy);
    if (chosen == null) {
      return fresh(trial, history);
    }
    return chosen.curve() == null
        ? begin(refined(trial, current, history, busy, chosen.configuration()))
        : goOn(chosen.curve(), chosen.choice());
  }

  /// What is under way, each configuration once.
  private static Set<Configuration> busy(History history) {
    var busy = new LinkedHashSet<Configuration>();
    history.pending().forEach(trial -> busy.add(trial.configuration()));
    return busy;
  }

  private int begun(Set<Configuration> busy) {
    int begun = curves.all().size();
    for (var configuration : busy) {
      begun += curves.of(configuration).isEmpty() ? 1 : 0;
    }
    return begun;
  }

  private @Nullable Proposal fresh(int trial, History history) {
    var random = task.streams().stream(trial, Purpose.PROPOSAL);
    var drawn = pool.fresh(random, history);
    return drawn == null ? null : begin(drawn);
  }

  /// Nothing can be said yet of any curve.
  private @Nullable Proposal blindly(int trial, History history, Set<Configuration> busy) {
    var drawn = fresh(trial, history);
    if (drawn != null) {
      return drawn;
    }
    for (var curve : curves.all()) {
      if (isFree(curve, busy)) {
        return goOn(curve, THAW);
      }
    }
    return null;
  }

  private boolean isFree(Curve curve, Set<Configuration> busy) {
    return settings.resume() && !curve.closed && !busy.contains(curve.configuration);
  }

  /// The model of what is known; null where nothing can be said.
  private @Nullable CurveModel model() {
    int due = CurveModel.schedule(curves.records());
    if (due != triedAt) {
      triedAt = due;
      model = make(due);
    }
    var current = model;
    if (current != null) {
      takeIn(current);
    }
    return current;
  }

  private @Nullable CurveModel make(int records) {
    var begun = curvesOf(records);
    var started = new HashSet<Configuration>();
    begun.forEach(curve -> started.add(curve.configuration));
    var random = task.streams().stream(records, Purpose.CANDIDATE);
    columns.clear();
    columnOf.clear();
    columnOfCurve.clear();
    supposed.clear();
    for (var curve : begun) {
      columnOfCurve.add(columns.size());
      columns.add(curve.configuration);
    }
    var points = new ArrayList<double[]>();
    for (var candidate : pool.draw(random, best(records))) {
      if (!started.contains(candidate) && columnOf.putIfAbsent(candidate, columns.size()) == null) {
        columns.add(candidate);
        points.add(encoding.point(candidate));
      }
    }
    curves.costs().fit(curves.points(), begun.size());
    return CurveModel.of(encoding, curves, records, begun.size(), points, task.streams());
  }

  /// The curves that the first records began.
  private List<Curve> curvesOf(int records) {
    return curves.all().subList(0, curves.curvesAfter(records));
  }

  /// The configurations of the best curves after so many records.
  private List<Configuration> best(int records) {
    var best = new HashMap<Integer, Double>();
    var cells = curves.cells();
    for (int i = 0; i < curves.cellsAfter(records); i++) {
      best.merge(cells.curve(i), cells.value(i), Math::max);
    }
    return best.entrySet().stream()
        .sorted(
            Comparator.comparingDouble((Map.Entry<Integer, Double> entry) -> -entry.getValue())
                .thenComparingInt(Map.Entry::getKey))
        .limit(BEST)
        .map(entry -> curves.all().get(entry.getKey()).configuration)
        .toList();
  }

  /// Gives curves that came since their columns, and takes in their cells.
  private void takeIn(CurveModel current) {
    var posterior = current.posterior();
    for (int k = columnOfCurve.size(); k < curves.all().size(); k++) {
      var curve = curves.all().get(k);
      // What is new may have been supposed; a column is made of what is certain.
      posterior.forget();
      supposed.clear();
      var column = columnOf.remove(curve.configuration);
      if (column == null) {
        column = posterior.addColumn(curve.point, k);
        columns.add(curve.configuration);
      } else {
        posterior.own(column, k);
      }
      columnOfCurve.add(column);
    }
    if (current.isBehind()) {
      supposed.clear();
      current.learn();
    }
  }

  /// Supposes what is under way, beyond what already is.
  private void suppose(CurveModel current, Set<Configuration> busy) {
    var wanted = List.copyOf(busy);
    var posterior = current.posterior();
    int common = supposed.size();
    if (common > wanted.size() || !wanted.subList(0, common).equals(supposed)) {
      posterior.forget();
      supposed.clear();
    }
    for (var configuration : wanted.subList(supposed.size(), wanted.size())) {
      var own = curves.of(configuration);
      if (own.isEmpty()) {
        long steps = Math.max(1, whole.applyAsLong(configuration));
        double share = settings.resume() ? (double) Curve.next(0, steps) / steps : 1;
        // A curve of its own.
        int curve = CurvePosterior.NEW - 1 - supposed.size();
        posterior.suppose(curve, encoding.point(configuration), share);
      } else {
        var curve = own.getLast();
        posterior.suppose(
            curve.index, curve.point, curve.share(Curve.next(curve.done, curve.whole)));
      }
      supposed.add(configuration);
    }
  }

  /// @param curve null: to be begun
  private record Choice(Configuration configuration, @Nullable Curve curve, String choice) {}

  private @Nullable Choice choose(CurveModel current, History history, Set<Configuration> busy) {
    var deep = curves.isDepthDue() ? deepest(current, busy) : null;
    return deep != null
        ? new Choice(deep.configuration, deep, Curves.DEPTH)
        : mostForItsCost(current, history, busy);
  }

  /// The paused curve whose end is expected to be the best.
  private @Nullable Curve deepest(CurveModel current, Set<Configuration> busy) {
    Curve best = null;
    double highest = Double.NEGATIVE_INFINITY;
    for (var curve : curves.all()) {
      double mean = current.posterior().mean(columnOfCurve.get(curve.index));
      if (isFree(curve, busy) && mean > highest) {
        highest = mean;
        best = curve;
      }
    }
    return best;
  }

  private @Nullable Choice mostForItsCost(
      CurveModel current, History history, Set<Configuration> busy) {
    var posterior = current.posterior();
    double incumbent = current.best();
    Choice best = null;
    double highest = Double.NEGATIVE_INFINITY;
    for (var curve : curves.all()) {
      if (isFree(curve, busy)) {
        int column = columnOfCurve.get(curve.index);
        double score =
            score(posterior.mean(column), posterior.deviation(column), incumbent)
                - cost(curve.left(), curve.index, curve.point);
        if (score > highest) {
          highest = score;
          best = new Choice(curve.configuration, curve, THAW);
        }
      }
    }
    for (int column = 0; column < columns.size(); column++) {
      var configuration = columns.get(column);
      Integer own = columnOf.get(configuration);
      if (own == null || own != column || isTaken(configuration, history, busy)) {
        continue;
      }
      double score =
          score(posterior.mean(column), posterior.deviation(column), incumbent)
              - cost(whole.applyAsLong(configuration), CurvePosterior.NEW, posterior.point(column));
      if (score > highest) {
        highest = score;
        best = new Choice(configuration, null, START);
      }
    }
    return best;
  }

  /// Whether it was begun; a history of a space that is not finite does not say that.
  private boolean isTaken(Configuration configuration, History history, Set<Configuration> busy) {
    return busy.contains(configuration)
        || !curves.of(configuration).isEmpty()
        || history.contains(configuration);
  }

  /// log EI at the horizon.
  private static double score(double mean, double deviation, double incumbent) {
    return Math.log(deviation) + NormalTail.logH((mean - incumbent) / deviation);
  }

  /// The log of what steps cost.
  private double cost(long steps, int curve, double[] point) {
    return Math.log(Math.max(1, steps)) + curves.costs().log(curve, point);
  }

  /// The candidate, or what is better in its neighbourhood, where the pool is not all there is.
  private Configuration refined(
      int trial,
      CurveModel current,
      History history,
      Set<Configuration> busy,
      Configuration candidate) {
    if (pool.isWhole() || task.space().isListed()) {
      return candidate;
    }
    var random = task.streams().stream(trial, Purpose.ACQUISITION);
    double incumbent = current.best();
    var best = candidate;
    double highest = Double.NEGATIVE_INFINITY;
    for (double width : REFINEMENTS) {
      var tried = new ArrayList<Configuration>();
      tried.add(best);
      for (int i = 0; i < REFINED; i++) {
        var near = pool.near(best, width, random);
        if (near != null && !isTaken(near, history, busy)) {
          tried.add(near);
        }
      }
      var means = new double[tried.size()];
      var deviations = new double[tried.size()];
      var points = tried.stream().map(encoding::point).toList();
      current.posterior().ask(points, means, deviations);
      for (int i = 0; i < tried.size(); i++) {
        double score =
            score(means[i], deviations[i], incumbent)
                - cost(whole.applyAsLong(tried.get(i)), CurvePosterior.NEW, points.get(i));
        if (score > highest) {
          highest = score;
          best = tried.get(i);
        }
      }
    }
    return best;
  }

  private Proposal begin(Configuration configuration) {
    return adopt(0, new Proposal(configuration));
  }

  /// A configuration that begins to train.
  @Override
  public Proposal adopt(int trial, Proposal enqueued) {
    if (!settings.resume()) {
      return enqueued;
    }
    long steps = Math.max(1, whole.applyAsLong(enqueued.configuration()));
    return noted(enqueued, new Segment(null, 0, Curve.next(0, steps), steps), START);
  }

  private static Proposal goOn(Curve curve, String choice) {
    return noted(new Proposal(curve.configuration), curve.next(), choice);
  }

  private static Proposal noted(Proposal proposal, Segment segment, String choice) {
    var notes = new LinkedHashMap<String, @Nullable Object>(proposal.notes());
    notes.putAll(segment.notes());
    notes.put(Curves.CHOICE, choice);
    return new Proposal(proposal.configuration(), notes);
  }

  /// Where all that is left is under way.
  @Override
  public boolean waits(History history) {
    if (history.pending().isEmpty() || !task.space().isFinite()) {
      return false;
    }
    curves.learn(history);
    var busy = busy(history);
    return curves.all().stream().noneMatch(curve -> isFree(curve, busy))
        && pool.fresh(task.streams().stream(0, Purpose.FILLING), history) == null;
  }
}
