package dev.assay.internal.sampler.seen;

import dev.assay.internal.sampler.prior.Beliefs;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.NothingFound;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Draws configurations that satisfy the constraints and, in a finite space, were not tried:
/// evenly, or from what is expected of the parameters.
///
/// By drawing until one may be proposed, which is right almost always; where that fails, exactly,
/// from the list of all that is left. That list is a memo: what is drawn depends on the stream and
/// the history only.
public final class Untried {
  /// More configurations are not listed: nobody exhausts them.
  private static final long LISTABLE = 1L << 22;

  private static final int DRAWS = 100;
  private static final int DRAWS_UNLISTED = 1_000_000;

  /// Each of these looks for a solution for long.
  private static final int DRAWS_TIGHT = 100;

  /// Times that a configuration's neighbourhood is looked at, each time farther out.
  private static final int FARTHER = 16;

  private static final double NEAR = 0.02;

  private final SearchSpace space;
  private final boolean finite;
  private final boolean tight;
  private final boolean listable;
  private final @Nullable Beliefs beliefs;

  /// How often something is drawn that may have been tried.
  private final int draws;

  private @Nullable Remaining remaining;

  public Untried(SearchSpace space) {
    this.space = space;
    finite = space.isFinite();
    beliefs = Beliefs.of(space);
    tight = space.isTight();
    listable = space.validAtMost().orElse(Long.MAX_VALUE) <= LISTABLE;
    boolean sure = !tight || space.valid().isPresent();
    draws = !finite ? 1 : listable ? DRAWS : sure ? DRAWS_UNLISTED : DRAWS_TIGHT;
  }

  /// Whether this configuration would be a repetition.
  boolean isTaken(Configuration configuration, History history) {
    return finite && history.contains(configuration);
  }

  /// Whether this configuration may be proposed.
  public boolean allows(Configuration configuration, History history) {
    return !isTaken(configuration, history) && space.satisfies(configuration);
  }

  /// An untried configuration: uniform in units where nothing is expected of the parameters.
  ///
  /// @return null when the space is exhausted
  /// @throws NothingFound when none was found that satisfies the constraints
  public @Nullable Configuration draw(RandomGenerator random, History history) {
    return beliefs == null
        ? drawEvenly(random, history)
        : beliefs.draw(
            random,
            configuration -> allows(configuration, history),
            () -> drawEvenly(random, history));
  }

  /// The same, whatever is expected.
  public @Nullable Configuration drawEvenly(RandomGenerator random, History history) {
    for (int i = 0; i < draws; i++) {
      var configuration = find(random);
      if (configuration != null && !isTaken(configuration, history)) {
        return configuration;
      }
      if (configuration == null && tight) {
        break;
      }
    }
    if (listable) {
      return left(history).pick(random);
    }
    throw new NothingFound();
  }

  private @Nullable Configuration find(RandomGenerator random) {
    if (tight) {
      return space.find(random);
    }
    var configuration = space.tryDraw(random, finite ? 1 : DRAWS_UNLISTED);
    return configuration == null && !finite ? space.find(random) : configuration;
  }

  /// An untried configuration near one that breaks constraints or was tried, where drawing anew
  /// would seldom come near it.
  ///
  /// @return null where none was found, or most of the space satisfies the constraints
  public @Nullable Configuration near(Configuration goal, RandomGenerator random, History history) {
    if (space.isListed()) {
      return left(history).nearest(goal);
    }
    double width = NEAR;
    for (int attempt = 0; tight && attempt < FARTHER; attempt++) {
      var near = space.near(attempt == 0 ? goal : moved(goal, width, random), random);
      if (near != null && !isTaken(near, history)) {
        return near;
      }
      width *= 1.25;
    }
    return null;
  }

  private Configuration moved(Configuration from, double width, RandomGenerator random) {
    var codes = new double[space.dimension()];
    for (int i = 0; i < codes.length; i++) {
      var distribution = space.parameters().get(i).distribution();
      double code = from.code(i);
      boolean unordered = distribution instanceof Choice(_, var ordered) && !ordered;
      if (Double.isNaN(code) || unordered && random.nextDouble() < width) {
        codes[i] = distribution.fromUnit(random.nextDouble());
      } else if (unordered) {
        codes[i] = code;
      } else {
        codes[i] = distribution.fromUnit(distribution.toUnit(code) + width * random.nextGaussian());
      }
    }
    return space.fromCodes(codes);
  }

  /// All untried configurations, in the order of their enumeration.
  ///
  /// @return null where there may be more than `most`
  public @Nullable List<Configuration> listed(int most, History history) {
    return space.validAtMost().orElse(Long.MAX_VALUE) <= most ? left(history).list() : null;
  }

  private Remaining left(History history) {
    if (remaining == null || !remaining.mayAdvanceTo(history)) {
      remaining = new Remaining(space, history);
    }
    remaining.advanceTo(history);
    return remaining;
  }
}
