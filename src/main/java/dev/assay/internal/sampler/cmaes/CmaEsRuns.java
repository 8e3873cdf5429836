package dev.assay.internal.sampler.cmaes;

import dev.assay.internal.pareto.ParetoOrder;
import dev.assay.internal.sampler.prior.Axis;
import dev.assay.internal.sampler.prior.Belief;
import dev.assay.internal.sampler.seen.Merit;
import dev.assay.random.Purpose;
import dev.assay.trial.History;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// The runs of [CmaEs] that a history makes, one after the other as each converges: a memo.
final class CmaEsRuns {
  /// Generations after which a late trial is not learnt from any more.
  private static final int LATEST = 2;

  /// Share of an earlier study's trials that the first distribution is made from, and the deviation
  /// about each of them (Nomura et al. 2021: γ, α).
  private static final double PROMISING = 0.1;

  private static final double PROMISING_DEVIATION = 0.1;

  /// What is expected makes no axis narrower than this share of the usual.
  private static final double NARROWEST = 0.05;

  private final CmaEsSampler sampler;
  private final SearchTask task;
  private final List<Axis> axes;
  private final int smallest;

  private CmaEs run;
  private int generation;

  /// The generation that this run began with: what was drawn for an earlier one belongs to a run
  /// that was given up.
  private int begun;

  private int seen;
  private final List<Member> population = new ArrayList<>();
  private final List<Member> earlier = new ArrayList<>();

  /// Restarts with a larger population; trials that each regime has used (BIPOP).
  private int doublings;

  private int usedByLarge;
  private int usedBySmall;
  private boolean small;
  private int restarts;

  /// An evaluated point.
  @SuppressWarnings("ArrayRecordComponent")
  private record Member(double[] point, boolean foreign, Merit merit, double[] losses) {}

  CmaEsRuns(CmaEsSampler sampler, SearchTask task, List<Axis> axes) {
    this.sampler = sampler;
    this.task = task;
    this.axes = axes;
    int d = axes.size();
    int usual = (int) (0.7 * (4 + Math.floor(3 * Math.log(Math.max(1, d)))));
    smallest = sampler.population() > 0 ? sampler.population() : Math.max(4, usual + usual % 2);
    run = expected();
  }

  /// About what is expected of each parameter, and as wide, but no wider than usual.
  private CmaEs expected() {
    var mean = new double[axes.size()];
    var deviations = new double[mean.length];
    for (int j = 0; j < mean.length; j++) {
      var belief = Belief.of(task.space().parameters().get(axes.get(j).parameter()));
      mean[j] = belief == null ? 0.5 : belief.quantile(0.5);
      double wide =
          belief == null
              ? sampler.sigma()
              : (belief.quantile(0.84) - belief.quantile(0.16)) / 2; // one σ, were it normal
      deviations[j] = Math.clamp(wide / sampler.sigma(), NARROWEST, 1);
    }
    return start(mean, sampler.sigma(), smallest, deviations);
  }

  private CmaEs start(double[] mean, double sigma, int lambda) {
    var ones = new double[axes.size()];
    Arrays.fill(ones, 1);
    return start(mean, sigma, lambda, ones);
  }

  private CmaEs start(double[] mean, double sigma, int lambda, double[] deviations) {
    var margin = new Margin(axes, 1.0 / (lambda * Math.max(1, axes.size())));
    var covariance = Covariance.ofDeviations(deviations, sampler.separable());
    return new CmaEs(mean, sigma, covariance, lambda, margin);
  }

  CmaEs current() {
    return run;
  }

  /// How many populations were taken so far, those of earlier runs included.
  int generation() {
    return generation;
  }

  /// Whether the history goes on from where this is.
  boolean mayAdvanceTo(History history) {
    return history.size() >= seen;
  }

  void advanceTo(History history) {
    if (axes.isEmpty()) {
      return;
    }
    for (; seen < history.size(); seen++) {
      var trial = history.get(seen);
      if (trial.number() < 0) {
        earlier.add(member(trial, true));
        continue;
      }
      if (!earlier.isEmpty()) {
        warmStart();
      }
      take(trial);
    }
    if (!earlier.isEmpty()) {
      warmStart();
    }
  }

  private void take(TrialRecord trial) {
    boolean foreign = true; // no draw of this sampler's
    if (trial.notes().get("generation") instanceof Number drawnFor) {
      if (drawnFor.intValue() < Math.max(begun, generation - LATEST)) {
        return;
      }
      foreign = drawnFor.intValue() != generation;
    }
    population.add(member(trial, foreign));
    if (population.size() == run.lambda) {
      if (population.stream().anyMatch(member -> member.merit.isRanked())) {
        learn();
      }
      population.clear();
    }
  }

  private Member member(TrialRecord trial, boolean foreign) {
    var point = new double[axes.size()];
    if (trial.notes().get("point") instanceof List<?> list && list.size() == point.length) {
      for (int j = 0; j < point.length; j++) {
        point[j] = ((Number) list.get(j)).doubleValue();
      }
    } else {
      for (int j = 0; j < point.length; j++) {
        point[j] = axes.get(j).coordinate(trial.configuration().code(axes.get(j).parameter()));
      }
    }
    return new Member(
        point, foreign, Merit.of(trial, task.objectives()), Merit.losses(trial, task.objectives()));
  }

  private void learn() {
    var order = bestFirst(population);
    var points = order.stream().map(Member::point).toArray(double[][]::new);
    var foreign = new boolean[points.length];
    IntStream.range(0, points.length).forEach(i -> foreign[i] = order.get(i).foreign);
    run.update(points, foreign);
    generation++;
    if (task.objectives().size() == 1 && order.getFirst().merit.isComplete()) {
      var complete = order.stream().filter(member -> member.merit.isComplete()).toList();
      run.note(complete.getFirst().merit.first(), complete.getLast().merit.first());
    }
    if (small) {
      usedBySmall += run.lambda;
    } else {
      usedByLarge += run.lambda;
    }
    if (sampler.restarts() != CmaEsSampler.Restarts.NONE && run.hasConverged()) {
      restart();
    }
  }

  /// With several objectives by fronts and hypervolume.
  private List<Member> bestFirst(List<Member> members) {
    var sorted = new ArrayList<>(members);
    sorted.sort(Comparator.comparing(Member::merit)); // stable: the earlier of equals first
    if (task.objectives().size() > 1) {
      var complete = sorted.stream().filter(m -> m.merit.isComplete()).toList();
      var fronts = new ParetoOrder(complete.stream().map(Member::losses).toArray(double[][]::new));
      var best = fronts.best(complete.size()).stream().map(complete::get).toList();
      for (int i = 0; i < best.size(); i++) {
        sorted.set(i, best.get(i));
      }
    }
    return sorted;
  }

  private void restart() {
    begun = generation;
    var random = task.streams().stream(++restarts, Purpose.RESTART);
    var mean = random.doubles(axes.size()).toArray();
    small =
        sampler.restarts() == CmaEsSampler.Restarts.BIPOP
            && doublings > 0
            && usedBySmall < usedByLarge;
    if (small) { // Hansen 2009, Section 2
      double u = random.nextDouble();
      int large = smallest << doublings;
      int lambda = (int) (smallest * Math.pow(0.5 * large / smallest, u * u));
      run = start(mean, sampler.sigma() * Math.pow(10, -2 * random.nextDouble()), lambda);
    } else {
      doublings = Math.min(doublings + 1, 16);
      run = start(mean, sampler.sigma(), smallest << doublings);
    }
  }

  /// N(m, σ²C) nearest to the mixture of normals about the best of the earlier trials.
  private void warmStart() {
    var ranked = bestFirst(earlier).stream().filter(member -> member.merit.isComplete()).toList();
    earlier.clear();
    if (ranked.isEmpty()) {
      return;
    }
    int count = Math.max(1, (int) (PROMISING * ranked.size()));
    int d = axes.size();
    var mean = new double[d];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < d; j++) {
        mean[j] += ranked.get(i).point[j] / count;
      }
    }
    run = start(mean, PROMISING_DEVIATION, run.lambda);
    var weights = new double[count];
    Arrays.fill(weights, 1.0 / count);
    var ys = new double[count][d];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < d; j++) {
        ys[i][j] = (ranked.get(i).point[j] - mean[j]) / PROMISING_DEVIATION;
      }
    }
    run.covariance.update(1, weights, ys);
  }
}
