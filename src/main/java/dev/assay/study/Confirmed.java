package dev.assay.study;

import dev.assay.internal.statistics.StudentT;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Direction;
import dev.assay.trial.Objective;
import dev.assay.trial.Recommendation;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.StatUtils;
import org.jspecify.annotations.Nullable;

/// A finalist and what the runs that confirm it came to. The trial that made it a finalist does not
/// count: being chosen for its value, it was probably lucky.
///
/// @param trial the finalist, a trial of the search
/// @param runs its finished confirmations but for those that were discarded, by number; at least
///   one is complete
/// @param mean of the values of those that are complete
/// @param low lower end of the interval that the expected value lies in with a confidence of 95 %,
///   by Student's t; minus infinity where one run alone says nothing of its error
/// @param high upper end, or infinity
public record Confirmed(
    TrialRecord trial, List<TrialRecord> runs, double mean, double low, double high) {
  private static final double CONFIDENCE = 0.95;

  public Confirmed {
    runs = List.copyOf(runs);
  }

  /// The finalists of which some confirmation is complete, best first: those of which no run failed
  /// before others, then by how little they break bounds on outcomes on average, then by their
  /// mean, then by number.
  ///
  /// @param trials of one study, of any state
  public static List<Confirmed> of(List<TrialRecord> trials, List<Objective> objectives) {
    if (trials.stream().noneMatch(Confirmation::is)) { // as in most studies, which may be large
      return List.of();
    }
    var byNumber = new HashMap<Integer, TrialRecord>();
    trials.forEach(trial -> byNumber.put(trial.number(), trial));
    var finalists = new HashMap<Map<String, @Nullable Object>, TrialRecord>();
    var runs = new LinkedHashMap<TrialRecord, List<TrialRecord>>();
    for (var trial : trials) {
      var finalist = byNumber.get(Confirmation.confirmed(trial));
      boolean counts = trial.state().isFinished() && trial.state() != TrialState.DISCARDED;
      if (finalist != null && finalist.state() != TrialState.DISCARDED && counts) {
        var first = finalists.computeIfAbsent(finalist.configuration().values(), _ -> finalist);
        runs.computeIfAbsent(first, _ -> new ArrayList<>()).add(trial);
      }
    }
    if (runs.isEmpty()) {
      return List.of();
    }
    return runs.entrySet().stream()
        .filter(entry -> entry.getValue().stream().anyMatch(Confirmed::isComplete))
        .map(entry -> of(entry.getKey(), entry.getValue()))
        .sorted(bestFirst(objectives.getFirst().direction()))
        .toList();
  }

  private static Comparator<Confirmed> bestFirst(Direction direction) {
    return Comparator.<Confirmed, Boolean>comparing(one -> one.failed() > 0)
        .thenComparingDouble(Confirmed::violation)
        .thenComparingDouble(one -> direction.asLoss(one.mean))
        .thenComparingInt(one -> one.trial.number());
  }

  private static Confirmed of(TrialRecord finalist, List<TrialRecord> runs) {
    var values = runs.stream().filter(Confirmed::isComplete).map(TrialRecord::value).toList();
    int n = values.size();
    double first = values.getFirst(); // equal values have a mean that is exactly theirs
    double shift = 0;
    for (double value : values) {
      shift += (value - first) / n;
    }
    double mean = first + shift;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double half =
        n == 1
            ? Double.POSITIVE_INFINITY
            : StudentT.quantile((1 + CONFIDENCE) / 2, n - 1) * Math.sqrt(squares / (n - 1) / n);
    return new Confirmed(finalist, runs, mean, mean - half, mean + half);
  }

  private static boolean isComplete(TrialRecord run) {
    return run.state() == TrialState.COMPLETE;
  }

  /// How many of the [#runs] brought no value.
  public long failed() {
    return runs.stream().filter(run -> !isComplete(run)).count();
  }

  private double violation() {
    return runs.stream()
        .filter(Confirmed::isComplete)
        .mapToDouble(TrialRecord::violation)
        .average()
        .orElse(0);
  }

  /// By how much one mean is better than another.
  ///
  /// @param low lower end of the interval of the expected difference, 95 % (Welch 1947)
  public record Gain(double mean, double low, double high) {
    /// Whether the difference is more than noise explains.
    public boolean isSure() {
      return low > 0;
    }
  }

  /// By how much the expected value is better than that of another finalist.
  ///
  /// @return null where one of the two has fewer than two complete runs: of the error nothing is
  ///   known
  public @Nullable Gain over(Confirmed other, Direction direction) {
    var own = values();
    var theirs = other.values();
    if (own.length < 2 || theirs.length < 2) {
      return null;
    }
    double gain = direction.asLoss(other.mean) - direction.asLoss(mean);
    double a = StatUtils.variance(own) / own.length;
    double b = StatUtils.variance(theirs) / theirs.length;
    if (a + b == 0) {
      return new Gain(gain, gain, gain);
    }
    double freedom = (a + b) * (a + b) / (a * a / (own.length - 1) + b * b / (theirs.length - 1));
    double half =
        StudentT.quantile((1 + CONFIDENCE) / 2, Math.max(1, (int) freedom)) * Math.sqrt(a + b);
    return new Gain(gain, gain - half, gain + half);
  }

  private double[] values() {
    return runs.stream().filter(Confirmed::isComplete).mapToDouble(TrialRecord::value).toArray();
  }

  /// What to use: the finalist, and the value that its runs say.
  public Recommendation recommendation() {
    return new Recommendation(trial, mean, low, high);
  }
}
