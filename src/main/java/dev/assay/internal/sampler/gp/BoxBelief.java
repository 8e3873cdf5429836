package dev.assay.internal.sampler.gp;

import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.Coordinate;
import dev.assay.internal.engine.Preference;
import dev.assay.internal.sampler.prior.Belief;
import dev.assay.internal.sampler.prior.Beliefs;
import dev.assay.internal.sampler.prior.Doubt;
import dev.assay.space.Configuration;
import dev.assay.space.Parameter;
import dev.assay.space.SearchSpace;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What is expected of a space's parameters as a factor of the acquisition, at points of the box
/// that is searched: πBO, Hvarfner et al. 2022, "πBO: Augmenting acquisition functions with user
/// beliefs for Bayesian optimization".
///
/// Its power is 10 divided by the number of trials: the paper's β/n. Beyond the paper, a
/// parameter's belief loses power, by e for each standard deviation but the first, where the best
/// trials lie where draws from it seldom would.
public final class BoxBelief {
  /// β.
  private static final double POWER = 10;

  /// A power that is as good as none.
  private static final double FORGOTTEN = 0.02;

  private final SearchSpace space;
  private final BoxEncoding encoding;
  private final Beliefs beliefs;

  /// Null where nothing is expected of a coordinate.
  private final @Nullable Expected[] coordinates;

  private BoxBelief(SearchSpace space, BoxEncoding encoding, Beliefs beliefs) {
    this.space = space;
    this.encoding = encoding;
    this.beliefs = beliefs;
    coordinates = new @Nullable Expected[encoding.box().dimension()];
    for (int j = 0; j < coordinates.length; j++) {
      var parameter = space.parameters().get(encoding.parameter(j));
      var belief = encoding.isDerived(j) ? null : Belief.of(parameter);
      if (belief != null) {
        coordinates[j] = new Expected(parameter, belief, encoding.box().coordinates().get(j));
      }
    }
  }

  /// @return null where nothing is expected
  public static @Nullable BoxBelief of(SearchSpace space, BoxEncoding encoding) {
    var beliefs = Beliefs.of(space);
    return beliefs == null ? null : new BoxBelief(space, encoding, beliefs);
  }

  Beliefs beliefs() {
    return beliefs;
  }

  /// The same rule with a preference for what is expected.
  ///
  /// @param known how many trials are
  /// @param best of them
  /// @return null once so much is known that expectations are forgotten
  public @Nullable CandidateRule prefer(CandidateRule rule, int known, List<Configuration> best) {
    double power = POWER / (1 + known);
    if (power < FORGOTTEN) {
      return null;
    }
    var powers = new double[coordinates.length];
    for (int j = 0; j < powers.length; j++) {
      var expected = coordinates[j];
      powers[j] = expected == null ? 0 : power * expected.left(best, encoding.parameter(j));
    }
    return new PreferringRule(rule, new Weighed(rule, powers));
  }

  /// A coordinate of which something is expected.
  private static final class Expected {
    private final Belief belief;
    private final Coordinate coordinate;

    /// log p of each option or place of a grid; empty of a continuum.
    private final double[] logs;

    private final Doubt doubt;

    Expected(Parameter parameter, Belief belief, Coordinate coordinate) {
      this.belief = belief;
      this.coordinate = coordinate;
      var distribution = parameter.distribution();
      logs =
          new double
              [switch (coordinate) {
                case Coordinate.Continuous _ -> 0;
                case Coordinate.Grid(var positions) -> positions.length;
                case Coordinate.Category(int options) -> options;
              }];
      Arrays.setAll(logs, k -> belief.logDensity(distribution.nth(k)));
      doubt = new Doubt(belief, distribution);
    }

    /// What the best trials leave of its power.
    double left(List<Configuration> best, int parameter) {
      return doubt.left(
          best.stream()
              .filter(configuration -> configuration.isActive(parameter))
              .mapToDouble(configuration -> configuration.code(parameter)));
    }

    /// log p.
    ///
    /// @param slope out: its derivative
    double log(double place, double[] slope) {
      slope[0] = 0;
      return switch (coordinate) {
        case Coordinate.Continuous _ -> belief.logDensity(place, slope);
        case Coordinate.Grid grid -> logs[grid.nearest(place)];
        case Coordinate.Category _ -> logs[(int) place];
      };
    }
  }

  /// What is expected, each coordinate's to a power. Coordinates that do not exist say nothing.
  private final class Weighed implements Preference {
    private final CandidateRule rule;
    private final double[] powers;

    Weighed(CandidateRule rule, double[] powers) {
      this.rule = rule;
      this.powers = powers;
    }

    @Override
    public void addTo(double[] points, double[] values, double @Nullable [] gradients) {
      int d = coordinates.length;
      var active = new boolean[d];
      var slope = new double[1];
      for (int i = 0; i < points.length / d; i++) {
        rule.canonicalise(Arrays.copyOfRange(points, i * d, (i + 1) * d), active);
        for (int j = 0; j < d; j++) {
          var expected = coordinates[j];
          if (expected != null && active[j]) {
            values[i] += powers[j] * expected.log(points[i * d + j], slope);
            if (gradients != null) {
              gradients[i * d + j] += powers[j] * slope[0];
            }
          }
        }
      }
    }

    @Override
    public double[] draw(RandomGenerator random) {
      var unit = new double[space.dimension()];
      Arrays.setAll(unit, _ -> random.nextDouble());
      beliefs.place(unit);
      return encoding.point(space.fromUnit(unit));
    }
  }
}
