package dev.assay.sampler;

import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.study.History;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Draws configurations that satisfy the constraints and, in a finite space, were not tried.
///
/// By rejection first, which is right almost always; where that fails, exactly, from the list of
/// all that is left. That list is a memo: what is drawn depends on the stream and the history only.
final class Untried {
  /// Larger spaces are not listed: nobody exhausts them.
  private static final long LISTABLE = 1L << 22;

  private static final int DRAWS = 100;
  private static final int DRAWS_UNLISTED = 1_000_000;

  private final SearchSpace space;
  private final boolean finite;
  private final boolean listable;
  private @Nullable Remaining remaining;

  Untried(SearchSpace space) {
    this.space = space;
    finite = space.cardinality().isPresent();
    listable = space.cardinality().orElse(Long.MAX_VALUE) <= LISTABLE;
  }

  /// Whether this configuration would be a repetition.
  boolean isTaken(Configuration configuration, History history) {
    return finite && history.contains(configuration);
  }

  /// Whether this configuration may be proposed.
  boolean allows(Configuration configuration, History history) {
    return !isTaken(configuration, history) && space.satisfies(configuration);
  }

  /// An untried configuration, uniform in units.
  ///
  /// @return null when the space is exhausted
  @Nullable Configuration draw(RandomGenerator random, History history) {
    if (!finite) {
      var lucky = space.tryDraw(random, DRAWS_UNLISTED);
      return lucky == null ? space.draw(random) : lucky;
    }
    int draws = listable ? DRAWS : DRAWS_UNLISTED;
    for (int i = 0; i < draws; i++) {
      var configuration = space.tryDraw(random, 1);
      if (configuration != null && !history.contains(configuration)) {
        return configuration;
      }
    }
    return listable ? listed(random, history) : null;
  }

  private @Nullable Configuration listed(RandomGenerator random, History history) {
    if (remaining == null || !remaining.mayAdvanceTo(history)) {
      remaining = new Remaining(space, history);
    }
    return remaining.pick(random, history);
  }
}
