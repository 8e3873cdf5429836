package dev.assay.internal.sampler.gp;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.acquisition.UpperConfidenceBound;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.engine.MaximiserPlan;
import dev.assay.internal.sampler.seen.Untried;
import dev.assay.internal.surrogate.FittedModels;
import dev.assay.internal.surrogate.Known;
import dev.assay.internal.surrogate.SurrogateSearch;
import dev.assay.internal.surrogate.SurrogateSettings;
import dev.assay.random.Purpose;
import dev.assay.random.Streams;
import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.SearchTask;
import dev.assay.trial.StoppingRule;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// Ends a search when the regret of its best trial is estimated to be small (Makarova et al. 2022,
/// "Automatic termination for hyperparameter optimization"; Ishibashi et al. 2023 discuss the same
/// bound).
///
/// A Gaussian process of the complete trials bounds the regret: the smallest upper confidence bound
/// of a trial minus the smallest lower confidence bound of the space, √β standard deviations from
/// the mean, β = 2 log(d n² π² / 6δ) / 5, δ = 0.1. The study may use any sampler.
///
/// @param within the regret to come below, in units of the objective; null: the standard deviation
///   of its noise, as the model estimates it
public record RegretRule(
    @Option(
            value =
                "the regret to come below, in units of the objective; nothing said: the noise's"
                    + " standard deviation",
            low = Double.MIN_VALUE)
        @Nullable Double within)
    implements StoppingRule {
  /// Trials that must be complete before anything is estimated.
  public static final int FIRST = 20;

  private static final double DELTA = 0.1;

  public RegretRule {
    Settings.check("stopping rule regret", RegretRule.class, within);
  }

  /// @param regret an upper bound, in units of the objective
  /// @param noise its standard deviation
  public record Estimate(double regret, double noise) {}

  /// Trials of a study that is looked at: beyond so many nothing is estimated, for its time.
  private static final int MOST_LOOKED_AT = 500;

  /// What the rule would say of a study as it stands.
  ///
  /// @param trials of the search
  /// @return null for several objectives, fewer than [#FIRST] complete trials or very many, and
  ///   where nothing can be said
  public static @Nullable Estimate estimate(
      SearchSpace space, List<Objective> objectives, List<TrialRecord> trials) {
    var ended = trials.stream().filter(trial -> trial.state().isFinished()).toList();
    var complete = ended.stream().filter(t -> t.state() == TrialState.COMPLETE).toList();
    if (objectives.size() != 1 || complete.size() < FIRST || complete.size() > MOST_LOOKED_AT) {
      return null;
    }
    try {
      var task = new SearchTask(space, objectives, new Streams(0), 0);
      var found = estimate(task, History.of(ended, List.of()), complete);
      return found != null && Double.isFinite(found.regret()) && Double.isFinite(found.noise())
          ? found
          : null;
    } catch (ArithmeticException | IllegalStateException e) {
      return null; // no engine, or a covariance that nothing makes positive definite
    }
  }

  @Override
  public boolean reached(SearchTask task, History history) {
    var complete =
        history.finished().stream().filter(trial -> trial.state() == TrialState.COMPLETE).toList();
    if (task.objectives().size() != 1 || complete.size() < FIRST) {
      return false;
    }
    var estimate = estimate(task, history, complete);
    return estimate != null && estimate.regret() <= (within == null ? estimate.noise() : within);
  }

  /// @return null where nothing can be said: nothing is searched, or all values are equal
  static @Nullable Estimate estimate(SearchTask task, History history, List<TrialRecord> complete) {
    var encoding = new BoxEncoding(task.space());
    int d = encoding.box().dimension();
    int n = complete.size();
    var direction = task.objectives().getFirst().direction();
    var losses = complete.stream().mapToDouble(t -> direction.asLoss(t.value())).toArray();
    double scale = deviation(losses);
    var points = encoding.points(configurations(complete));
    if (d == 0 || new Known(points, losses, new double[0]).isConstant()) {
      return null;
    }
    var engine = GpEngine.standard();
    var model = fitted(engine, encoding, points, losses, task.streams().seed(n, Purpose.FIT));
    double kappa =
        Math.sqrt(2 * Math.log(d * (double) n * n * Math.PI * Math.PI / (6 * DELTA)) / 5);
    var plan =
        MaximiserPlan.of(
            bestFirst(encoding, complete, losses), task.streams().seed(n, Purpose.ACQUISITION));
    double highest;
    double lowest;
    try (var session = engine.open(encoding.box())) {
      session.observe(points, new double[][] {model.outputs()});
      session.condition(
          List.of(new GpSession.Model(model.member().covariance(), model.theta(), 0)));
      var means = new double[n];
      var variances = new double[n];
      session.predict(0, points, means, variances);
      highest = bound(means, variances, kappa);
      lowest = bound(means, variances, -kappa);
      var rule = encoding.rule(history, new Untried(task.space()));
      lowest =
          Math.min(
              lowest, -session.maximise(new UpperConfidenceBound(0, kappa), plan, rule).value());
    } catch (NoSuchElementException e) { // nothing is left to try
      return new Estimate(0, Math.sqrt(model.noise()) * scale);
    }
    return new Estimate(Math.max(0, highest - lowest) * scale, Math.sqrt(model.noise()) * scale);
  }

  private static FittedModels.Weighted fitted(
      GpEngine engine, BoxEncoding encoding, double[] points, double[] losses, long seed) {
    var settings = SurrogateSettings.single(CovarianceFunction.product());
    try (var search = new SurrogateSearch(engine, encoding.box(), settings)) {
      var known = new Known(points, losses, new double[0]);
      return search.fit(known, List.of(), seed).objectives().getFirst().models().getFirst();
    }
  }

  /// The smallest mean + k·sd.
  private static double bound(double[] means, double[] variances, double k) {
    double smallest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < means.length; i++) {
      smallest = Math.min(smallest, means[i] + k * Math.sqrt(Math.max(0, variances[i])));
    }
    return smallest;
  }

  private static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    return Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(0));
  }

  private static List<Configuration> configurations(List<TrialRecord> trials) {
    return trials.stream().map(TrialRecord::configuration).toList();
  }

  private static double[] bestFirst(
      BoxEncoding encoding, List<TrialRecord> trials, double[] losses) {
    var order = new ArrayList<Integer>();
    for (int i = 0; i < losses.length; i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingDouble(i -> losses[i]));
    return encoding.points(order.stream().map(i -> trials.get(i).configuration()).toList());
  }
}
