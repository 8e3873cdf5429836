package dev.assay.internal.sampler.gp;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.surrogate.Known;
import dev.assay.internal.surrogate.SurrogateSearch;
import dev.assay.internal.surrogate.SurrogateSettings;
import dev.assay.random.Purpose;
import dev.assay.random.Streams;
import dev.assay.space.Choice;
import dev.assay.space.Distribution;
import dev.assay.space.SearchSpace;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The probability that a trial brings a value, learned from those that failed as the sampler `gp`
/// learns it: by a Gaussian process of which trials did. Trials that only lost whoever ran them say
/// nothing.
///
/// @param trials how many it was learned from
/// @param failed how many of them failed
/// @param along for each parameter that has more than one value
public record SuccessChance(int trials, int failed, List<Along> along) {
  /// A model of more costs too much for a page; they are taken evenly.
  private static final int MOST = 300;

  /// Of fewer a model says too little.
  private static final int FEWEST = 8;

  /// Configurations over which the chance along a parameter is averaged.
  private static final int BACKGROUND = 64;

  private static final int LINE = 33;

  /// The mean probability along one parameter, over the values that the others had in trials.
  ///
  /// @param parameter its index in the space
  /// @param codes ascending codes of the parameter: of a choice every option
  /// @param chances for each of them a probability
  @SuppressWarnings("ArrayRecordComponent")
  public record Along(int parameter, double[] codes, double[] chances) {}

  public SuccessChance {
    along = List.copyOf(along);
  }

  /// @param trials of one study, of any state
  /// @return null unless some failed and others did not
  public static @Nullable SuccessChance of(SearchSpace space, List<TrialRecord> trials) {
    var telling =
        trials.stream()
            .filter(trial ->
                trial.state().isFinished()
                    && (trial.cause() == null || ObservedLosses.teaches(trial)))
            .toList();
    int failed = (int) telling.stream().filter(ObservedLosses::teaches).count();
    var encoding = new BoxEncoding(space);
    var read = evenly(telling, MOST);
    boolean differ =
        read.size() >= FEWEST && read.stream().map(ObservedLosses::teaches).distinct().count() > 1;
    if (!differ || encoding.box().dimension() == 0) {
      return null;
    }
    var points = encoding.points(read.stream().map(TrialRecord::configuration).toList());
    var failures = read.stream().mapToDouble(t -> ObservedLosses.teaches(t) ? 0.5 : -0.5).toArray();
    var known =
        new Known(
            points,
            new double[][] {new double[read.size()]},
            new double[0],
            new double[][] {failures});
    var settings = SurrogateSettings.single(CovarianceFunction.product());
    try (var search = new SurrogateSearch(GpEngine.standard(), encoding.box(), settings)) {
      long seed = new Streams(0).seed(read.size(), Purpose.FIT);
      var fitted = search.fit(known, List.of(), seed);
      var background = evenly(read, BACKGROUND);
      var along =
          IntStream.range(0, encoding.box().dimension())
              .mapToObj(j ->
                  along(
                      encoding,
                      space,
                      j,
                      background,
                      moved -> search.logFeasibility(fitted, known, moved)))
              .toList();
      return new SuccessChance(telling.size(), failed, along);
    }
  }

  private interface LogChance {
    double[] at(double[] points);
  }

  private static Along along(
      BoxEncoding encoding,
      SearchSpace space,
      int coordinate,
      List<TrialRecord> background,
      LogChance model) {
    int parameter = encoding.parameter(coordinate);
    var distribution = space.parameters().get(parameter).distribution();
    var codes = codes(distribution);
    int d = encoding.box().dimension();
    var chances = new double[codes.length];
    for (int k = 0; k < codes.length; k++) {
      var points = new double[background.size() * d];
      for (int i = 0; i < background.size(); i++) {
        var point = encoding.point(background.get(i).configuration());
        point[coordinate] = encoding.place(coordinate, codes[k]);
        System.arraycopy(point, 0, points, i * d, d);
      }
      chances[k] = Arrays.stream(model.at(points)).map(Math::exp).average().orElse(Double.NaN);
    }
    return new Along(parameter, codes, chances);
  }

  private static double[] codes(Distribution distribution) {
    if (distribution instanceof Choice(var options, _)) {
      return IntStream.range(0, options.size()).asDoubleStream().toArray();
    }
    return IntStream.range(0, LINE)
        .mapToDouble(i -> distribution.fromUnit(i / (LINE - 1.0)))
        .distinct()
        .toArray();
  }

  private static List<TrialRecord> evenly(List<TrialRecord> trials, int most) {
    int n = trials.size();
    if (n <= most) {
      return trials;
    }
    var some = new ArrayList<TrialRecord>();
    for (int i = 0; i < most; i++) {
      some.add(trials.get((int) ((long) i * n / most)));
    }
    return some;
  }
}
