package dev.assay.internal.sampler.curves;

import dev.assay.random.Purpose;
import dev.assay.random.Streams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What is believed of curves' ends: warp, hyperparameters and posterior, made anew when the trials
/// are a fifth more, and conditioned on each cell in between.
///
/// When it was made anew follows from the number of trials alone, and what it was made of from the
/// first of them: whoever comes to the same history has the same model.
final class CurveModel {
  private static final double GROWTH = 1.2;
  private static final int FIRST = 4;

  /// Cells that the hyperparameters are fitted to, at most.
  private static final int FITTED = 200;

  private static final int EVALUATIONS = 40;
  private static final int EVALUATIONS_LARGE = 25;

  private final Curves curves;
  private final CurveWarp warp;
  private final CurvePosterior posterior;

  /// The records that it was made of.
  final int madeOf;

  /// The cells that were taken in.
  private int seen;

  private CurveModel(
      Curves curves, int madeOf, CurveWarp warp, CurvePosterior posterior, int seen) {
    this.curves = curves;
    this.madeOf = madeOf;
    this.warp = warp;
    this.posterior = posterior;
    this.seen = seen;
  }

  /// At how many records the model of so many was made anew; 0 where there are too few.
  static int schedule(int records) {
    int at = 0;
    for (int next = FIRST;
        next <= records;
        next = Math.max(next + 1, (int) Math.ceil(next * GROWTH))) {
      at = next;
    }
    return at;
  }

  /// Made of the first records.
  ///
  /// @param candidates points of what was not begun then
  /// @return null where nothing can be said: fewer than two cells, or no factor
  static @Nullable CurveModel of(
      CurveEncoding encoding,
      Curves curves,
      int records,
      int begun,
      List<double[]> candidates,
      Streams streams) {
    int n = curves.cellsAfter(records);
    if (n < 2) {
      return null;
    }
    var values = curves.cells().values(n);
    var warp = new CurveWarp(values);
    var z = warp.of(values);
    var fitted = chosen(curves.cells(), z, streams, records);
    var theta =
        CurveFit.of(
                encoding,
                curves.cells().at(fitted),
                Arrays.stream(fitted).mapToDouble(i -> z[i]).toArray(),
                curves.points())
            .best(n < 100 ? EVALUATIONS : EVALUATIONS_LARGE);
    var columns = new ArrayList<double[]>(curves.points().subList(0, begun));
    columns.addAll(candidates);
    var owners = new int[columns.size()];
    Arrays.setAll(owners, c -> c < begun ? c : CurvePosterior.NEW);
    for (var hyperparameters : List.of(theta, CurveKernel.medians(encoding))) {
      var posterior = new CurvePosterior(new CurveKernel(hyperparameters, encoding));
      if (posterior.begin(curves.cells(), z, curves.points(), columns, owners)) {
        return new CurveModel(curves, records, warp, posterior, n);
      }
    }
    return null;
  }

  /// Which cells hyperparameters are fitted to: whole curves, one of the best third and one of the
  /// rest in turns.
  private static int[] chosen(Cells cells, double[] z, Streams streams, int records) {
    int n = z.length;
    if (n <= FITTED) {
      return IntStream.range(0, n).toArray();
    }
    int count = 0;
    for (int i = 0; i < n; i++) {
      count = Math.max(count, cells.curve(i) + 1);
    }
    var best = new double[count];
    var of = new ArrayList<List<Integer>>();
    for (int k = 0; k < count; k++) {
      best[k] = Double.NEGATIVE_INFINITY;
      of.add(new ArrayList<>());
    }
    for (int i = 0; i < n; i++) {
      best[cells.curve(i)] = Math.max(best[cells.curve(i)], z[i]);
      of.get(cells.curve(i)).add(i);
    }
    var ranked =
        new ArrayList<>(
            IntStream.range(0, count)
                .boxed()
                .filter(k -> !of.get(k).isEmpty())
                .sorted(Comparator.comparingDouble((Integer k) -> -best[k]))
                .toList());
    int third = Math.max(1, ranked.size() / 3);
    var rest = new ArrayList<>(ranked.subList(third, ranked.size()));
    var random = streams.stream(records, Purpose.FIT);
    Collections.shuffle(rest, random);
    var places = new ArrayList<Integer>();
    for (int i = 0; i < rest.size() + third; i++) {
      var turn = new ArrayList<Integer>();
      if (i < third) {
        turn.addAll(of.get(ranked.get(i)));
      }
      if (i < rest.size()) {
        turn.addAll(of.get(rest.get(i)));
      }
      if (places.size() + turn.size() > FITTED) {
        break;
      }
      places.addAll(turn);
    }
    return places.stream().mapToInt(Integer::intValue).sorted().toArray();
  }

  CurvePosterior posterior() {
    return posterior;
  }

  /// z of a value.
  double warped(double value) {
    return warp.of(value);
  }

  /// The best value so far, warped.
  double best() {
    return warp.of(curves.cells().best(curves.cells().size()));
  }

  /// Whether cells came since.
  boolean isBehind() {
    return seen < curves.cells().size();
  }

  /// Takes in the cells that came since.
  void learn() {
    var cells = curves.cells();
    for (; seen < cells.size(); seen++) {
      int curve = cells.curve(seen);
      posterior.see(
          curve, curves.points().get(curve), cells.share(seen), warp.of(cells.value(seen)));
    }
  }
}
