package dev.assay.internal.sampler.tpe;

import static java.util.Objects.requireNonNull;

import dev.assay.internal.pareto.ParetoOrder;
import dev.assay.internal.sampler.prior.AxesBelief;
import dev.assay.internal.sampler.prior.Axis;
import dev.assay.internal.sampler.seen.Merit;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Parameters that are proposed together, and what the history says of them: a memo.
///
/// Only trials in which the parameters exist are known here, so each branch of a conditional space
/// has good trials of its own.
final class TpeGroup {
  /// The newest trials of the background have full weight, older ones less.
  private static final int RECENT = 25;

  /// The background's bandwidth. Parameters that are chosen each by itself need a coarse one, or
  /// they agree on a place too soon.
  private static final double FINE = 0.06;

  private static final double COARSE = 0.2;

  /// What categories that decide on branches are smoothed by in the background, in trials: hardly,
  /// how often each was tried is what counts.
  private static final double COUNTED = 0.1;

  /// After so many trials what is expected weighs as much as the good ones do; its weight falls
  /// with the square of their number, since its density is large where several parameters have
  /// priors.
  private static final double TRUST = 10;

  /// Draws for each candidate wanted, where a predicate refuses some.
  private static final int DRAWS = 20;

  private final TpeSampler sampler;
  private final List<Objective> objectives;
  private final List<Axis> axes;
  private final BackgroundDensity background;
  private final @Nullable AxesBelief belief;

  /// Whether these are categories under whose options other parameters exist.
  private final boolean decides;

  /// How many candidates are drawn.
  private final int most;

  /// Of each row of the background.
  private final List<Merit> merits = new ArrayList<>();

  private final List<double[]> losses = new ArrayList<>();

  /// Rows that are not failed, best first; with several objectives only those not complete.
  private final List<Integer> ranked = new ArrayList<>();

  private final List<Integer> complete = new ArrayList<>();

  /// What [#estimator] made of `goodAt` rows.
  private int goodAt = -1;

  private int[] good = {};

  /// The rows of `good`, best first, and what no bandwidth was below.
  private List<Integer> ranking = List.of();

  private double leastBandwidth;
  private @Nullable ParzenEstimator estimator;

  /// @param isParent whether other parameters exist under choices of these
  /// @param belief what is expected of the axes; null for nothing
  TpeGroup(
      TpeSampler sampler,
      List<Objective> objectives,
      List<Axis> axes,
      boolean isParent,
      @Nullable AxesBelief belief) {
    this.sampler = sampler;
    this.objectives = objectives;
    this.axes = axes;
    this.belief = belief;
    decides = isParent && axes.stream().allMatch(Axis::isCategory);
    most = most(sampler, axes);
    background = new BackgroundDensity(axes, sampler.multivariate() ? FINE : COARSE);
  }

  /// No more candidates than there are values: more would all be seen, and one would always win.
  private static int most(TpeSampler sampler, List<Axis> axes) {
    long values = 1;
    for (var axis : axes) {
      values *= axis.distribution().count().orElse(sampler.candidates());
      if (values >= sampler.candidates()) {
        return sampler.candidates();
      }
    }
    return (int) values;
  }

  /// Whether its parameters exist; they do so together.
  boolean isActive(Configuration configuration) {
    return configuration.isActive(axes.getFirst().parameter());
  }

  /// The same of codes, of which those that come before the group's are written.
  boolean isActive(SearchSpace space, double[] codes) {
    int first = axes.getFirst().parameter();
    return space.exists(first, codes);
  }

  private double[] coordinates(Configuration configuration) {
    var x = new double[axes.size()];
    for (int j = 0; j < x.length; j++) {
      x[j] = axes.get(j).coordinate(configuration.code(axes.get(j).parameter()));
    }
    return x;
  }

  /// Takes a finished trial in which the group is active.
  void add(TrialRecord trial) {
    int row = background.size();
    background.add(coordinates(trial.configuration()));
    var merit = Merit.of(trial, objectives);
    merits.add(merit);
    if (merit.isComplete() && objectives.size() > 1) {
      complete.add(row);
      losses.add(Merit.losses(trial, objectives));
    } else if (merit.isRanked()) {
      insert(row, merit);
    }
  }

  /// After all that are as good: the earlier of equals is the better.
  private void insert(int row, Merit merit) {
    int low = 0;
    int high = ranked.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (merits.get(ranked.get(middle)).compareTo(merit) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    ranked.add(low, row);
  }

  /// Writes codes of this group's parameters: those of the candidate with the largest l/g.
  ///
  /// @param modelled false: drawn uniformly in units instead
  /// @param pending trials that count as bad until they are known (constant liar)
  /// @param accepts whether codes may be proposed, once this group's are written; when none is
  ///   found, ones that may not are left
  void choose(
      RandomGenerator random,
      boolean modelled,
      List<Configuration> pending,
      double[] codes,
      Predicate<double[]> accepts) {
    refresh();
    var density = modelled ? estimator : null;
    var candidates = candidates(density, random, codes, accepts);
    if (candidates.length == 0) {
      return;
    }
    var best = candidates[0];
    if (density != null && candidates.length > 1) {
      var ratios = logRatios(density, candidates, pending);
      int most = 0;
      for (int c = 1; c < ratios.length; c++) {
        most = ratios[c] > ratios[most] ? c : most;
      }
      best = candidates[most];
    }
    write(best, codes);
  }

  /// log l/g of the candidates: what orders them as their expected improvement would.
  double[] logRatios(double[][] candidates, List<Configuration> pending) {
    refresh();
    return logRatios(requireNonNull(estimator), candidates, pending);
  }

  private double[] logRatios(
      ParzenEstimator density, double[][] candidates, List<Configuration> pending) {
    var ratios = backgroundDensities(candidates, pending);
    Arrays.setAll(ratios, c -> density.logDensity(candidates[c]) - ratios[c]);
    return ratios;
  }

  private void write(double[] x, double[] codes) {
    for (int j = 0; j < x.length; j++) {
      codes[axes.get(j).parameter()] = axes.get(j).code(x[j]);
    }
  }

  /// Draws from l, or without it one from the prior.
  private double[][] candidates(
      @Nullable ParzenEstimator density,
      RandomGenerator random,
      double[] codes,
      Predicate<double[]> accepts) {
    int wanted = density == null ? 1 : most;
    var candidates = new ArrayList<double[]>(wanted);
    for (int draw = 0; draw < DRAWS * wanted && candidates.size() < wanted; draw++) {
      var x = new double[axes.size()];
      if (density == null && belief != null) {
        belief.draw(random, x);
      } else if (density == null) {
        for (int j = 0; j < x.length; j++) {
          var axis = axes.get(j);
          x[j] = axis.coordinate(axis.distribution().fromUnit(random.nextDouble()));
        }
      } else {
        density.draw(random, x);
      }
      write(x, codes);
      if (accepts.test(codes)) {
        candidates.add(x);
      }
    }
    return candidates.toArray(new double[0][]);
  }

  private double[] backgroundDensities(double[][] candidates, List<Configuration> pending) {
    int finished = background.size();
    for (var configuration : pending) {
      if (isActive(configuration)) {
        background.add(coordinates(configuration));
      }
    }
    var densities =
        background.logDensities(
            candidates, weights(finished, background.size()), prior(finished), smoothing(finished));
    background.truncate(finished);
    return densities;
  }

  /// The uniform component has the same share of g as of l, so that where nothing was tried neither
  /// prevails, and what is good is followed up. Not so where other parameters exist under the
  /// options: what an option is worth is known only once its branch was searched.
  private double prior(int finished) {
    return decides
        ? sampler.priorWeight()
        : sampler.priorWeight() * Math.max(1, finished - good.length) / Math.max(1, good.length);
  }

  /// What g's categories are smoothed by, in trials. Less than the uniform component where that
  /// would make up for all the trials that an option had in vain: the search comes back to options
  /// that were tried seldom, since beside them numbers, or whole branches, were not at their best.
  private double smoothing(int finished) {
    if (decides) {
      return COUNTED * sampler.priorWeight();
    }
    boolean onlyCategories = axes.stream().allMatch(Axis::isCategory);
    return onlyCategories ? prior(finished) : sampler.priorWeight();
  }

  /// Of n trials, the newest count 1, the oldest 1/n, those between in proportion.
  private double[] weights(int finished, int all) {
    var weights = new double[all];
    Arrays.fill(weights, 1);
    int n = finished - good.length;
    int old = n - RECENT;
    int at = 0;
    for (int i = 0, g = 0; i < finished; i++) {
      if (g < good.length && good[g] == i) {
        weights[i] = 0;
        g++;
      } else if (at < old) {
        weights[i] = 1.0 / n + (1 - 1.0 / n) * at++ / Math.max(1, old - 1);
      }
    }
    return weights;
  }

  private void refresh() {
    if (goodAt == background.size()) {
      return;
    }
    goodAt = background.size();
    int n = ranked.size() + complete.size();
    int count = (int) Math.min(Math.ceil(sampler.gamma() * n), sampler.mostGood());
    var best = best(count);
    int compared = sampler.multivariate() ? n : 0;
    double least = ParzenEstimator.leastBandwidth(best.size(), compared);
    if (estimator != null && belief == null && least == leastBandwidth && best.equals(ranking)) {
      return; // most trials are not among the best: what is known of those stays
    }
    leastBandwidth = least;
    ranking = List.copyOf(best);
    var centres = new double[axes.size()][best.size()];
    var importances = new double[best.size()];
    double sum = 0;
    for (int i = 0; i < importances.length; i++) {
      for (int j = 0; j < axes.size(); j++) {
        centres[j][i] = background.coordinate(best.get(i), j);
      }
      importances[i] = Math.log(importances.length + 0.5) - Math.log(i + 1);
      sum += importances[i];
    }
    for (int i = 0; i < importances.length; i++) {
      importances[i] *= importances.length / sum;
    }
    double trust = TRUST / background.size();
    good = best.stream().mapToInt(Integer::intValue).sorted().toArray();
    estimator =
        good.length == 0
            ? null
            : new ParzenEstimator(
                axes,
                centres,
                importances,
                sampler.priorWeight(),
                compared,
                belief == null ? null : belief.against(centres),
                trust * trust);
  }

  /// The rows of the best trials, best first.
  private List<Integer> best(int count) {
    if (complete.isEmpty()) {
      return ranked.subList(0, Math.min(count, ranked.size()));
    }
    var order = new ParetoOrder(losses.toArray(new double[0][]));
    var best = new ArrayList<Integer>();
    for (int i : order.best(Math.min(count, complete.size()))) {
      best.add(complete.get(i));
    }
    best.addAll(ranked.subList(0, Math.min(count - best.size(), ranked.size())));
    return Collections.unmodifiableList(best);
  }
}
