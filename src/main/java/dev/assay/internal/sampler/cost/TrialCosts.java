package dev.assay.internal.sampler.cost;

import dev.assay.internal.words.Log;
import dev.assay.trial.History;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// What trials of a study cost, and how much that matters: an acquisition is divided by the
/// expected cost to the power α, the share of the budget that is left, so that cheap trials come
/// first and in the end nothing counts but the value. Lee, Perrone, Archambeau and Seeger 2020,
/// "Cost-aware Bayesian optimization" (CArBO), Eq. 4.
public final class TrialCosts {
  /// Time, where a study has a budget of time and no batch rule promises the same trials anywhere.
  public static final String AUTO = "auto";

  /// Trials cost the same.
  public static final String NONE = "none";

  private static final String OPTION = "cost";

  /// How long trials ran.
  private static final String SECONDS = "seconds";

  private static final Logger LOG = Log.of(TrialCosts.class);

  private final String metric;
  private final boolean asked;
  private final SearchTask task;
  private final SizeFeatures features;

  /// The memo: what was learnt from the first so many finished trials.
  private @Nullable LogModel model;

  private int learnt = -1;
  private boolean warned;

  /// Whether an option names a metric.
  public static boolean isAsked(String option) {
    return !option.equals(AUTO) && !option.equals(NONE);
  }

  /// A sampler's settings as studies have them stored, which know of costs where somebody said
  /// something of them.
  ///
  /// @param written with its option `cost`
  public static Map<String, @Nullable Object> stored(Map<String, @Nullable Object> written) {
    if (AUTO.equals(written.get(OPTION))) {
      written.remove(OPTION);
    }
    return written;
  }

  private TrialCosts(String option, SearchTask task) {
    asked = isAsked(option);
    boolean measured = option.equals(AUTO) && task.batch() == 0;
    metric = asked ? option : measured ? SECONDS : NONE;
    this.task = task;
    features = new SizeFeatures(task.space());
  }

  /// @param option [#AUTO], [#NONE], or the metric that says what a trial cost
  public static TrialCosts of(String option, SearchTask task) {
    return new TrialCosts(option, task);
  }

  /// α, at most 1; 0 where costs do not matter.
  ///
  /// @param trial its number
  public double power(int trial, History history) {
    var budget = history.budget();
    if (metric.equals(NONE) || !asked && budget.time() == null) {
      return 0;
    }
    return history.budgetLeft(trial);
  }

  /// Of the complete trials of a history.
  ///
  /// @return null where too little is known, or costs follow nothing
  public @Nullable LogModel model(History history) {
    if (learnt != history.size()) {
      var points = new ArrayList<double[]>();
      var amounts = new ArrayList<Double>();
      for (var trial : history.finished()) {
        double cost = trial.state() == TrialState.COMPLETE ? of(trial) : 0;
        if (cost > 0 && Double.isFinite(cost)) {
          points.add(features.of(trial.configuration()));
          amounts.add(cost);
        }
      }
      model = LogModel.of(points, amounts);
      warn(history, amounts.size());
      learnt = history.size();
    }
    return model;
  }

  private void warn(History history, int said) {
    if (!warned && said == 0 && history.size() >= LogModel.FEWEST) {
      warned = true;
      LOG.warn(
          "No trial says what it cost: none has a metric {} above 0. Trials count as equally dear.",
          metric);
    }
  }

  /// Of configurations, as the model reads them.
  public SizeFeatures features() {
    return features;
  }

  /// NaN where nobody said; what is not positive is no cost.
  private double of(TrialRecord trial) {
    var said = trial.metric(metric, task.objectives());
    return said != null ? said : metric.equals(SECONDS) ? trial.seconds() : Double.NaN;
  }
}
