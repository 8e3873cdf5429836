package dev.assay.internal.sampler.gp;

import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.random.SobolSequence;
import dev.assay.random.Purpose;
import dev.assay.space.Configuration;
import dev.assay.trial.History;
import dev.assay.trial.SearchTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Configurations far from everything that was tried or is under way: of a few points of a Sobol
/// sequence, other ones for each trial, the one whose nearest neighbour is farthest (best candidate
/// sampling, Mitchell 1991).
final class SpaceFilling {
  private static final int LOOKED_AT = 32;

  private final SearchTask task;
  private final BoxEncoding encoding;
  private final @Nullable SobolSequence sobol;

  SpaceFilling(SearchTask task, BoxEncoding encoding) {
    this.task = task;
    this.encoding = encoding;
    int d = task.space().dimension();
    sobol =
        d > SobolSequence.MAX_DIMENSION
            ? null
            : new SobolSequence(d, task.streams().seed(0, Purpose.FILLING));
  }

  /// @param rule what may be proposed
  /// @param logWorth for m points (m × d) m values that are added to the logarithm of the distance
  /// @return null where none of the points looked at may be proposed
  @Nullable Configuration farthest(
      int trial, History history, CandidateRule rule, UnaryOperator<double[]> logWorth) {
    var candidates = candidates(trial, rule);
    if (candidates.isEmpty()) {
      return null;
    }
    var points = encoding.points(candidates);
    var worth = logWorth.apply(points);
    var known = encoding.points(known(history));
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < candidates.size(); i++) {
      double value = Math.log(nearest(points, i, known)) + worth[i];
      if (value > highest) {
        best = i;
        highest = value;
      }
    }
    return candidates.get(best);
  }

  private List<Configuration> candidates(int trial, CandidateRule rule) {
    var listed = rule.listed();
    if (listed != null) {
      return listed.stream().map(encoding::configuration).toList();
    }
    var space = task.space();
    var random = task.streams().stream(trial, Purpose.FILLING);
    var unit = new double[space.dimension()];
    var candidates = new ArrayList<Configuration>();
    for (int i = 0; i < LOOKED_AT; i++) {
      if (sobol == null) {
        Arrays.setAll(unit, _ -> random.nextDouble());
      } else {
        sobol.point((long) trial * LOOKED_AT + i, unit);
      }
      var configuration = space.isTight() ? space.solutionAt(unit) : space.fromUnit(unit);
      if (configuration != null && rule.acceptable(encoding.point(configuration))) {
        candidates.add(configuration);
      }
    }
    return candidates;
  }

  private static List<Configuration> known(History history) {
    var known = new ArrayList<Configuration>();
    history.finished().forEach(trial -> known.add(trial.configuration()));
    history.pending().forEach(trial -> known.add(trial.configuration()));
    return known;
  }

  private double nearest(double[] points, int i, double[] known) {
    int d = encoding.box().dimension();
    double nearest = Double.MAX_VALUE;
    for (int k = 0; k < known.length / d; k++) {
      nearest = Math.min(nearest, encoding.box().distance(points, i, known, k));
    }
    return nearest;
  }
}
