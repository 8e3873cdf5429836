package dev.assay.internal.sampler.gp;

import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.Coordinate;
import dev.assay.internal.sampler.seen.Untried;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.Distribution;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Configurations as points of an engine's box, and back.
///
/// An unordered choice becomes a category; whatever has few values, a grid of their unit values;
/// the rest continuous unit values. Parameters with one value are left out. An inactive parameter
/// stands at one fixed place, so that it adds nothing to the distance of two configurations that
/// both lack it.
public final class BoxEncoding {
  /// Longer ranges of integers are searched as continuous ones and rounded.
  private static final int LONGEST_GRID = 1024;

  /// Points of a continuous space that are no further apart (root mean square over coordinates) are
  /// the same.
  private static final double SAME = 1e-5;

  /// So many configurations that satisfy the constraints are each looked at.
  private static final int LONGEST_LIST = 4096;

  private final SearchSpace space;
  private final OddParts oddParts;
  private final int plain; // coordinates that are parameters; odd parts of some stand behind them
  private final int[] searched; // parameter of each coordinate
  private final boolean[] counted; // whether that parameter has a countable number of values
  private final Box box;
  private final double[] restingPlaces;

  /// Of a list: which row each point that is looked at stands for, as of the last [#rule].
  private final Map<List<Double>, Configuration> rows = new HashMap<>();

  private final double[] unit; // of every parameter; those left out stay at 0.5

  public BoxEncoding(SearchSpace space) {
    this(space, OddParts.none());
  }

  private BoxEncoding(SearchSpace space, OddParts oddParts) {
    this.space = space;
    this.oddParts = oddParts;
    var parameters = space.parameters();
    var indices = new ArrayList<Integer>();
    var coordinates = new ArrayList<Coordinate>();
    for (int i = 0; i < parameters.size(); i++) {
      var distribution = parameters.get(i).distribution();
      if (distribution.count().orElse(Long.MAX_VALUE) != 1) {
        indices.add(i);
        coordinates.add(coordinate(distribution));
      }
    }
    plain = indices.size();
    for (int k = 0; k < oddParts.count(); k++) {
      indices.add(oddParts.parameter(k));
      coordinates.add(oddParts.coordinate(k));
    }
    searched = indices.stream().mapToInt(Integer::intValue).toArray();
    counted = new boolean[searched.length];
    for (int j = 0; j < counted.length; j++) {
      counted[j] = parameters.get(searched[j]).distribution().count().isPresent();
    }
    box = new Box(coordinates);
    restingPlaces = coordinates.stream().mapToDouble(c -> c.fromUnit(0.5)).toArray();
    unit = new double[parameters.size()];
    Arrays.fill(unit, 0.5);
  }

  /// With what models of sizes want to know beside them ([OddParts]).
  static BoxEncoding ofSizes(SearchSpace space) {
    return new BoxEncoding(space, OddParts.of(space));
  }

  OddParts oddParts() {
    return oddParts;
  }

  /// Whether a coordinate follows from others, and nothing is searched along it.
  boolean isDerived(int coordinate) {
    return coordinate >= plain;
  }

  private static Coordinate coordinate(Distribution distribution) {
    long count = distribution.count().orElse(Long.MAX_VALUE);
    if (distribution instanceof Choice(var options, boolean ordered) && !ordered) {
      return new Coordinate.Category(options.size());
    }
    if (count > LONGEST_GRID) {
      return new Coordinate.Continuous();
    }
    var positions = new double[(int) count];
    for (int k = 0; k < positions.length; k++) {
      positions[k] = distribution.toUnit(distribution.nth(k));
    }
    return new Coordinate.Grid(positions);
  }

  public Box box() {
    return box;
  }

  /// The index of the parameter that a coordinate stands for.
  int parameter(int coordinate) {
    return searched[coordinate];
  }

  public double[] point(Configuration configuration) {
    var point = new double[searched.length];
    write(configuration, point);
    return point;
  }

  private void write(Configuration configuration, double[] point) {
    for (int j = 0; j < point.length; j++) {
      int i = searched[j];
      double code = configuration.code(i);
      if (!configuration.isActive(i)) {
        point[j] = restingPlaces[j];
      } else {
        point[j] = place(j, code);
      }
    }
  }

  /// Where on a coordinate a value of its parameter stands.
  double place(int coordinate, double code) {
    if (isDerived(coordinate)) {
      return oddParts.place(coordinate - plain, code);
    }
    return box.coordinates().get(coordinate) instanceof Coordinate.Category
        ? code
        : space.parameters().get(searched[coordinate]).distribution().toUnit(code);
  }

  double[] points(List<Configuration> configurations) {
    return configurations.stream().flatMapToDouble(c -> Arrays.stream(point(c))).toArray();
  }

  Configuration configuration(double[] point) {
    var row = space.isListed() ? rows.get(key(point)) : null;
    if (row != null) {
      return row;
    }
    for (int j = 0; j < plain; j++) {
      unit[searched[j]] =
          box.coordinates().get(j) instanceof Coordinate.Category(int options)
              ? (point[j] + 0.5) / options
              : point[j];
    }
    return space.fromUnit(unit);
  }

  private static List<Double> key(double[] point) {
    return Arrays.stream(point).boxed().toList();
  }

  /// The points of what is left where every one of it is looked at: few solutions, or a list. Of a
  /// long list a part: some of it drawn evenly, and what is nearest to the best trials.
  private @Nullable List<double[]> listed(
      History history, Untried untried, List<Configuration> best) {
    if (space.constraints().isEmpty() && oddParts.isEmpty()) {
      return null;
    }
    var left = untried.listed(space.isListed() ? Integer.MAX_VALUE : LONGEST_LIST, history);
    if (left == null) {
      return null;
    }
    int d = box.dimension();
    var all = points(left);
    int[] chosen =
        left.size() <= LONGEST_LIST
            ? IntStream.range(0, left.size()).toArray()
            : ListSample.of(box, all, points(best), LONGEST_LIST);
    rows.clear();
    var listed = new ArrayList<double[]>();
    for (int i : chosen) {
      var point = Arrays.copyOfRange(all, i * d, (i + 1) * d);
      listed.add(point);
      if (space.isListed()) {
        rows.put(key(point), left.get(i));
      }
    }
    return listed;
  }

  /// Candidates must satisfy the constraints and be no repetition: of no trial of the study, in a
  /// finite space; elsewhere so far from each that more than rounding tells them apart.
  public CandidateRule rule(History history, Untried untried) {
    return rule(history, untried, List.of(), FailedOptions.NONE, false);
  }

  /// @param best trials near which to look where not everything can be looked at
  /// @param failed what is not to be proposed
  /// @param mayRepeat whether points of a continuous space may be those of trials
  public CandidateRule rule(
      History history,
      Untried untried,
      List<Configuration> best,
      FailedOptions failed,
      boolean mayRepeat) {
    boolean asItIs = space.isUnconditional() && !hasRounded() && oddParts.isEmpty();
    boolean constrained = !space.constraints().isEmpty();
    boolean finite = space.isFinite();
    boolean free = !constrained && !finite;
    var tried = finite || mayRepeat ? new double[0] : tried(history);
    var points = listed(history, untried, best);
    return new CandidateRule() {
      @Override
      public void canonicalise(double[] point, boolean[] active) {
        Arrays.fill(active, true);
        if (!asItIs) {
          var configuration = configuration(point);
          for (int j = 0; j < point.length; j++) {
            active[j] = !isDerived(j) && configuration.isActive(searched[j]);
          }
          write(configuration, point);
        }
      }

      @Override
      public boolean acceptable(double[] point) {
        for (int at = 0; at < tried.length; at += point.length) {
          if (repeats(point, tried, at)) {
            return false;
          }
        }
        if (free && failed.only().isEmpty()) {
          return true;
        }
        var configuration = configuration(point);
        return !failed.isIn(configuration) && (free || untried.allows(configuration, history));
      }

      @Override
      public @Nullable List<double[]> listed() {
        return points;
      }

      @Override
      public double @Nullable [] mended(double[] point, RandomGenerator random) {
        var near = constrained ? untried.near(configuration(point), random, history) : null;
        return near == null ? null : point(near);
      }
    };
  }

  /// The points of the study's own trials, finished and pending; what was taken over from another
  /// study may be tried again.
  private double[] tried(History history) {
    var configurations = new ArrayList<Configuration>();
    for (var trial : history.finished()) {
      if (trial.number() >= 0) {
        configurations.add(trial.configuration());
      }
    }
    history.pending().forEach(trial -> configurations.add(trial.configuration()));
    return points(configurations);
  }

  /// Whether nothing but the last digits of continuous coordinates tells two points apart.
  private boolean repeats(double[] point, double[] tried, int at) {
    int d = point.length;
    double most = SAME * SAME * d;
    double sum = 0;
    for (int j = 0; j < d && sum <= most; j++) { // most points differ in the first coordinate
      double difference = point[j] - tried[at + j];
      if (difference != 0 && counted[j]) {
        return false;
      }
      sum += difference * difference;
    }
    return sum <= most;
  }

  private boolean hasRounded() {
    for (int j = 0; j < searched.length; j++) {
      if (box.coordinates().get(j) instanceof Coordinate.Continuous && counted[j]) {
        return true;
      }
    }
    return false;
  }
}
