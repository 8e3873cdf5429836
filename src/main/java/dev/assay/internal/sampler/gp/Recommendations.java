package dev.assay.internal.sampler.gp;

import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.sampler.gp.Repetitions.Verdict;
import dev.assay.internal.surrogate.Known;
import dev.assay.internal.surrogate.SurrogateSearch;
import dev.assay.internal.surrogate.SurrogateSettings;
import dev.assay.random.Purpose;
import dev.assay.random.Streams;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Recommendation;
import dev.assay.trial.Segment;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What to use of a study whose values have noise, or are rounded so that several are the best. It
/// follows from the trials alone.
public final class Recommendations {
  /// With fewer complete trials a model says too little.
  private static final int FEWEST = 5;

  /// Beyond, a model of all trials costs too much for an answer.
  public static final int MOST = 2000;

  /// The same where values only tie: beyond, it is noise alone that a trial is recommended for.
  public static final int MOST_TIED = 500;

  /// Of a normal: 95 % lie within so many standard deviations.
  private static final double WIDTH = 1.96;

  private Recommendations() {}

  /// The first of [#ranked], or null.
  public static @Nullable Recommendation of(List<TrialRecord> trials, List<Objective> objectives) {
    var ranked = ranked(trials, objectives);
    return ranked.isEmpty() ? null : ranked.getFirst();
  }

  /// The complete trials by the value that is expected of them, best first; those that keep bounds
  /// on outcomes before others. Where values are rounded and have no noise, by these, and only
  /// those that are equal by what is expected.
  ///
  /// @param all of one study, of any state
  /// @return empty unless there is one objective, trials are whole and no parts of trainings, and
  ///   trials showed its noise, the search was told of it, or the best of values that are rounded
  ///   is that of several trials
  public static List<Recommendation> ranked(List<TrialRecord> all, List<Objective> objectives) {
    var complete = all.stream().filter(t -> t.state() == TrialState.COMPLETE).toList();
    if (objectives.size() != 1
        || complete.size() < FEWEST
        || complete.stream().anyMatch(trial -> Segment.of(trial) != null)
        || complete.stream().map(t -> t.configuration().space()).distinct().count() > 1) {
      return List.of();
    }
    var trials = History.of(complete, List.of());
    var runs = trials.runs();
    if (runs.size() > MOST) {
      return List.of();
    }
    boolean noisy = isNoisy(runs);
    if (!noisy && complete.size() > MOST_TIED) {
      return List.of();
    }
    var history = noisy ? runs : trials;
    var encoding = new BoxEncoding(complete.getFirst().configuration().space());
    var observed = ObservedLosses.of(history, objectives);
    var known =
        new Known(encoding.points(observed.configurations()), observed.first(), new double[0]);
    if (encoding.box().dimension() == 0 || known.isConstant()) {
      return List.of();
    }
    if (!noisy && !(observed.isStepped() && isTied(complete, observed))) {
      return List.of();
    }
    var average = SurrogateSettings.average();
    var settings = noisy ? average.underNoise() : average;
    try (var search = new SurrogateSearch(GpEngine.standard(), encoding.box(), settings)) {
      long seed = new Streams(0).seed(complete.size(), Purpose.FIT);
      var expected = search.expect(search.fit(known, List.of(), seed), known);
      var counted = noisy ? new double[complete.size()] : observed.first();
      return ranked(
          complete,
          counted,
          objectives.getFirst(),
          noisy ? ofTrials(complete, expected) : expected);
    }
  }

  /// Of several runs of one trial, which is one point, the first.
  private static SurrogateSearch.Expected ofTrials(
      List<TrialRecord> trials, SurrogateSearch.Expected ofRuns) {
    var means = new double[trials.size()];
    var deviations = new double[trials.size()];
    int run = 0;
    for (int i = 0; i < means.length; i++) {
      means[i] = ofRuns.means()[run];
      deviations[i] = ofRuns.deviations()[run];
      run += trials.get(i).runs().size();
    }
    return new SurrogateSearch.Expected(means, deviations);
  }

  /// By repetitions that differ, or because the models of the search expected it.
  private static boolean isNoisy(History complete) {
    return Repetitions.of(complete).verdict(false) == Verdict.NOISY
        || complete.finished().stream().anyMatch(Recommendations::isNotedNoisy);
  }

  /// Whether one may follow from trials that are not there: what was noted, or repetitions, may
  /// tell of noise, and there are not too many trials for a model.
  ///
  /// @param complete how many trials are
  /// @param noted those that have notes, and perhaps others
  /// @param mayRepeat whether several runs of one configuration may be complete
  public static boolean mayHide(int complete, List<TrialRecord> noted, BooleanSupplier mayRepeat) {
    return complete <= MOST
        && (noted.stream().anyMatch(Recommendations::isNotedNoisy) || mayRepeat.getAsBoolean());
  }

  private static boolean isNotedNoisy(TrialRecord trial) {
    return trial.notes().get(FitNotes.THETA) instanceof Map<?, ?> theta
        && theta.keySet().stream().anyMatch(name -> SurrogateSettings.isNoisy(name.toString()));
  }

  /// Whether several of the trials that keep bounds on outcomes have the best value.
  private static boolean isTied(List<TrialRecord> complete, ObservedLosses observed) {
    var losses = observed.first();
    var best =
        IntStream.range(0, losses.length)
            .filter(i -> complete.get(i).isFeasible())
            .mapToDouble(i -> losses[i])
            .sorted()
            .limit(2)
            .toArray();
    return best.length == 2 && best[0] == best[1];
  }

  /// @param counted losses that count before what is expected
  private static List<Recommendation> ranked(
      List<TrialRecord> trials,
      double[] counted,
      Objective objective,
      SurrogateSearch.Expected expected) {
    return IntStream.range(0, trials.size())
        .boxed()
        .sorted(
            Comparator.<Integer, Boolean>comparing(i -> !trials.get(i).isFeasible())
                .thenComparingDouble(i -> counted[i])
                .thenComparingDouble(i -> expected.means()[i]))
        .map(i ->
            recommendation(trials.get(i), objective, expected.means()[i], expected.deviations()[i]))
        .toList();
  }

  /// @param mean of the loss
  private static Recommendation recommendation(
      TrialRecord trial, Objective objective, double mean, double deviation) {
    var direction = objective.direction();
    double half = WIDTH * deviation;
    double a = direction.asLoss(mean - half); // a loss's loss is the value
    double b = direction.asLoss(mean + half);
    return new Recommendation(trial, direction.asLoss(mean), Math.min(a, b), Math.max(a, b));
  }
}
