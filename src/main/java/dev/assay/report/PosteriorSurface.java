package dev.assay.report;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.Coordinate;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.gp.Hyperprior;
import dev.assay.internal.gp.PriorFamily;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A Gaussian process fitted to the completed trials of one objective, for slices and contours
/// through the best of them.
///
/// It reads at most [#MOST] trials, the best quarter of them and others evenly by rank, so that a
/// page is written in time whatever the size of the study. Parameters that do not exist in a trial
/// stand at the middle of their axis.
final class PosteriorSurface {
  private static final int MOST = 240;
  private static final int FEWEST = 8;
  private static final int EVALUATIONS = 40;
  private static final int LINE = 48;
  private static final int GRID = 22;

  /// Mean and standard deviation along one parameter, the others as in the best trial.
  ///
  /// @param codes ascending codes of the parameter
  record Slice(int parameter, double[] codes, double[] means, double[] deviations) {}

  /// The same over two: row-major, `first` by `second`.
  record Contour(
      int first,
      int second,
      double[] firstCodes,
      double[] secondCodes,
      double[] means,
      double[] deviations) {}

  /// What the model expects of a trial, knowing the others, in the objective's own unit.
  record Expected(int trial, double value, double mean, double deviation) {}

  /// @param trials how many the model read
  /// @param check how well it foretells each of them; empty where its covariance allows no such
  ///   look
  record Surface(int trials, List<Slice> slices, List<Contour> contours, List<Expected> check) {}

  private final SearchSpace space;
  private final TrialRecord best;
  private final List<TrialRecord> read;
  private final int objective;
  private double centre;
  private double scale;

  private PosteriorSurface(StudyView view, List<TrialRecord> ranked, int objective) {
    space = view.space();
    best = ranked.getFirst();
    read = chosen(ranked);
    this.objective = objective;
  }

  /// @param sliced parameters to slice along
  /// @param paired parameters that every two of are shown against each other
  /// @return null where there are too few trials, one value only, or no engine
  static @Nullable Surface of(
      StudyView view, int objective, List<Integer> sliced, List<Integer> paired) {
    var direction = view.objectives().get(objective).direction();
    var ranked =
        view.searched().stream()
            .filter(t -> t.state() == TrialState.COMPLETE)
            .sorted(Comparator.comparingDouble(t -> direction.asLoss(t.values().get(objective))))
            .toList();
    if (ranked.size() < FEWEST
        || ranked
            .getFirst()
            .values()
            .get(objective)
            .equals(ranked.getLast().values().get(objective))) {
      return null;
    }
    try {
      return new PosteriorSurface(view, ranked, objective).surface(sliced, paired);
    } catch (ArithmeticException | IllegalStateException e) {
      return null; // no engine, or a covariance that nothing makes positive definite
    }
  }

  private static List<TrialRecord> chosen(List<TrialRecord> ranked) {
    if (ranked.size() <= MOST) {
      return ranked;
    }
    int top = MOST / 4;
    var chosen = new ArrayList<>(ranked.subList(0, top));
    for (int i = top; i < MOST; i++) {
      chosen.add(ranked.get(top + (int) ((long) (i - top) * (ranked.size() - top) / (MOST - top))));
    }
    return chosen;
  }

  private @Nullable Surface surface(List<Integer> sliced, List<Integer> paired) {
    var outputs = standardised();
    if (outputs == null) {
      return null;
    }
    int d = space.dimension();
    var points = new double[read.size() * d];
    for (int i = 0; i < read.size(); i++) {
      System.arraycopy(point(read.get(i).configuration()), 0, points, i * d, d);
    }
    try (var session = GpEngine.standard().open(box())) {
      session.observe(points, new double[][] {outputs});
      var covariance = CovarianceFunction.product();
      var prior =
          Hyperprior.of(covariance, d, PriorFamily.DIMENSION_SCALED, OptionalDouble.empty());
      var task = new GpSession.FitTask(covariance, 0, prior, prior.start(), EVALUATIONS);
      var theta = session.fit(List.of(task)).getFirst().theta();
      session.condition(List.of(new GpSession.Model(covariance, theta, 0)));
      var slices = sliced.stream().map(j -> slice(session, j)).toList();
      var contours = new ArrayList<Contour>();
      for (int a : paired) {
        for (int b : paired) {
          if (a < b) {
            contours.add(contour(session, a, b));
          }
        }
      }
      return new Surface(read.size(), slices, contours, check(covariance, theta, points, outputs));
    }
  }

  private List<Expected> check(
      CovarianceFunction covariance, double[] theta, double[] points, double[] outputs) {
    try {
      var left = LeaveOneOut.of(covariance, box(), theta, points, outputs);
      return IntStream.range(0, read.size())
          .mapToObj(i ->
              new Expected(
                  read.get(i).number(),
                  read.get(i).values().get(objective),
                  centre + scale * left.means()[i],
                  scale * left.deviations()[i]))
          .toList();
    } catch (ArithmeticException e) {
      return List.of();
    }
  }

  private double @Nullable [] standardised() {
    var values = read.stream().mapToDouble(t -> t.values().get(objective)).toArray();
    centre = Arrays.stream(values).average().orElse(0);
    scale =
        Math.sqrt(Arrays.stream(values).map(v -> (v - centre) * (v - centre)).average().orElse(0));
    if (!(scale > 0) || !Double.isFinite(scale) || !Double.isFinite(centre)) {
      return null;
    }
    return Arrays.stream(values).map(v -> (v - centre) / scale).toArray();
  }

  private Box box() {
    var coordinates = new ArrayList<Coordinate>();
    for (var parameter : space.parameters()) {
      coordinates.add(
          parameter.distribution() instanceof Choice(var options, boolean ordered) && !ordered
              ? new Coordinate.Category(options.size())
              : new Coordinate.Continuous());
    }
    return new Box(coordinates);
  }

  private double[] point(Configuration configuration) {
    var point = space.toUnit(configuration);
    for (int j = 0; j < point.length; j++) {
      double code = configuration.code(j);
      point[j] = Double.isNaN(code) ? middle(j) : coordinate(j, code);
    }
    return point;
  }

  private double middle(int j) {
    return isCategory(j) ? 0 : 0.5;
  }

  private boolean isCategory(int j) {
    return space.parameters().get(j).distribution() instanceof Choice(_, boolean ordered)
        && !ordered;
  }

  private double coordinate(int j, double code) {
    return isCategory(j)
        ? code
        : Math.clamp(space.parameters().get(j).distribution().toUnit(code), 0.0, 1.0);
  }

  /// Codes along an axis: every option of a choice, otherwise evenly in units, each once.
  private double[] codes(int j, int count) {
    var distribution = space.parameters().get(j).distribution();
    if (distribution instanceof Choice(var options, _)) {
      var codes = new double[options.size()];
      Arrays.setAll(codes, i -> i);
      return codes;
    }
    var codes = new double[count];
    Arrays.setAll(codes, i -> distribution.fromUnit(i / (count - 1.0)));
    return Arrays.stream(codes).distinct().toArray();
  }

  private Slice slice(GpSession session, int j) {
    var codes = codes(j, LINE);
    var centre = point(best.configuration());
    var points = new double[codes.length * centre.length];
    for (int i = 0; i < codes.length; i++) {
      System.arraycopy(centre, 0, points, i * centre.length, centre.length);
      points[i * centre.length + j] = coordinate(j, codes[i]);
    }
    var predicted = predict(session, points, codes.length);
    return new Slice(j, codes, predicted[0], predicted[1]);
  }

  private Contour contour(GpSession session, int a, int b) {
    var first = codes(a, GRID);
    var second = codes(b, GRID);
    var centre = point(best.configuration());
    int d = centre.length;
    var points = new double[first.length * second.length * d];
    for (int i = 0; i < first.length * second.length; i++) {
      System.arraycopy(centre, 0, points, i * d, d);
      points[i * d + a] = coordinate(a, first[i / second.length]);
      points[i * d + b] = coordinate(b, second[i % second.length]);
    }
    var predicted = predict(session, points, first.length * second.length);
    return new Contour(a, b, first, second, predicted[0], predicted[1]);
  }

  /// Means and standard deviations in the objective's own unit.
  private double[][] predict(GpSession session, double[] points, int m) {
    var means = new double[m];
    var deviations = new double[m];
    session.predict(0, points, means, deviations);
    for (int i = 0; i < m; i++) {
      means[i] = centre + scale * means[i];
      deviations[i] = scale * Math.sqrt(Math.max(0, deviations[i]));
    }
    return new double[][] {means, deviations};
  }
}
