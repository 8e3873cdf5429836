package dev.assay.internal.sampler.curves;

import dev.assay.internal.sampler.seen.Untried;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.NothingFound;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Configurations that may be begun: all of a small or listed space; otherwise draws from all of it
/// and from the neighbourhoods of the best.
final class CandidatePool {
  private static final int MOST = 2048;
  private static final int DRAWN = 768;
  private static final int NEAR = 256;

  /// Standard deviations of steps from the best ones, in units of the parameters.
  private static final double[] WIDTHS = {0.2, 0.05};

  private static final History NOTHING = History.of(List.of(), List.of());

  private final SearchSpace space;
  private final Untried untried;

  /// All of the space, where that is few.
  private final @Nullable List<Configuration> all;

  CandidatePool(SearchSpace space) {
    this.space = space;
    untried = new Untried(space);
    int most = space.isListed() ? Integer.MAX_VALUE : MOST;
    all = untried.listed(most, NOTHING);
  }

  /// Whether nothing is ever missing from the pool.
  boolean isWhole() {
    return all != null && all.size() <= MOST;
  }

  /// @param best configurations whose neighbourhoods are worth a look
  List<Configuration> draw(RandomGenerator random, List<Configuration> best) {
    if (all != null && all.size() <= MOST) {
      return all;
    }
    if (all != null) {
      return sample(all, random);
    }
    var pool = new ArrayList<Configuration>();
    try {
      for (int i = 0; i < DRAWN; i++) {
        var drawn = untried.draw(random, NOTHING);
        if (drawn != null) {
          pool.add(drawn);
        }
      }
    } catch (NothingFound e) {
      // Few are left, or hard to find: those that were found will do.
    }
    for (int i = 0; i < NEAR && !best.isEmpty(); i++) {
      var near = near(best.get(i % best.size()), WIDTHS[i / best.size() % WIDTHS.length], random);
      if (near != null) {
        pool.add(near);
      }
    }
    return pool;
  }

  private static List<Configuration> sample(List<Configuration> all, RandomGenerator random) {
    var left = new ArrayList<>(all);
    for (int i = 0; i < MOST; i++) {
      Collections.swap(left, i, i + random.nextInt(left.size() - i));
    }
    return left.subList(0, MOST);
  }

  /// A step away from a configuration.
  ///
  /// @return null where it breaks a constraint
  @Nullable Configuration near(Configuration from, double width, RandomGenerator random) {
    var codes = new double[space.dimension()];
    for (int i = 0; i < codes.length; i++) {
      var distribution = space.parameters().get(i).distribution();
      double code = from.code(i);
      boolean unordered = distribution instanceof Choice(var _, var ordered) && !ordered;
      if (Double.isNaN(code) || unordered && random.nextDouble() < width) {
        codes[i] = distribution.fromUnit(random.nextDouble());
      } else if (unordered) {
        codes[i] = code;
      } else {
        double unit = distribution.toUnit(code) + width * random.nextGaussian();
        codes[i] = distribution.fromUnit(Math.clamp(unit, 0, Math.nextDown(1.0)));
      }
    }
    var near = space.fromCodes(codes);
    return space.satisfies(near) ? near : null;
  }

  /// Something that was not tried, at random.
  ///
  /// @return null where nothing is left
  /// @throws NothingFound when none was found, but there may be more
  @Nullable Configuration fresh(RandomGenerator random, History history) {
    return untried.draw(random, history);
  }
}
