package dev.assay.internal.sampler.simple;

import dev.assay.internal.random.SobolSequence;
import dev.assay.internal.sampler.prior.Beliefs;
import dev.assay.internal.sampler.seen.Untried;
import dev.assay.problem.Problem;
import dev.assay.random.Purpose;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import org.jspecify.annotations.Nullable;

/// A scrambled Sobol sequence (Sobol 1967; Owen 1995): more even than random draws.
///
/// Trial t gets point t of those that satisfy the constraints; in a finite space, the first whose
/// configuration was not tried. Where few configurations satisfy the constraints the cube is folded
/// onto these ([SearchSpace#solutionAt]); of a list, trial t gets the untried row nearest to point
/// t. A parameter that does not exist under the choices made just ignores its coordinate, so the
/// others stay as even as before. Where a parameter has a prior the points are as dense along it as
/// that is.
public record SobolSampler() implements Sampler {
  @Override
  public String name() {
    return "sobol";
  }

  @Override
  public Proposer open(SearchTask task) {
    int d = task.space().dimension();
    if (d > SobolSequence.MAX_DIMENSION) {
      throw new Problem(
          "The Sobol sequence has at most " + SobolSequence.MAX_DIMENSION + " dimensions.",
          "a space of " + d + " parameters",
          "Use the random sampler.");
    }
    return new Points(task);
  }

  private static final class Points implements Proposer {
    private static final long END = 1L << 31;

    /// Points that are looked at where few of a continuum satisfy the constraints.
    private static final long END_TIGHT = 1L << 18;

    private final SearchTask task;
    private final SearchSpace space;
    private final SobolSequence sequence;
    private final Untried untried;
    private final @Nullable Beliefs beliefs;
    private final double[] point;

    /// In a finite space, where all points repeat each other or others soon: look no further.
    private final long end;

    /// The memo: points below `index` hold `passed` that satisfy the constraints, or in a finite
    /// space none that is untried.
    private long index;

    private int passed;
    private int seen;

    Points(SearchTask task) {
      this.task = task;
      space = task.space();
      sequence = new SobolSequence(space.dimension(), task.streams().seed(0, Purpose.SCRAMBLE));
      untried = new Untried(space);
      beliefs = Beliefs.of(space);
      point = new double[space.dimension()];
      var configurations = space.isTight() ? space.validAtMost() : space.cardinality();
      end =
          space.isTight() && !space.isFinite()
              ? END_TIGHT
              : Math.min(END, 1024 + 16 * Math.min(configurations.orElse(END), END));
    }

    @Override
    public @Nullable Proposal propose(int trial, History history) {
      var configuration =
          space.isListed()
              ? nearest(trial, history)
              : space.isFinite() ? firstUntried(history) : satisfying(trial);
      if (configuration == null) {
        var random = task.streams().stream(trial, Purpose.PROPOSAL);
        configuration = untried.draw(random, history);
      }
      return configuration == null ? null : new Proposal(configuration);
    }

    /// Point `trial` of those that satisfy the constraints.
    private @Nullable Configuration satisfying(int trial) {
      if (space.constraints().isEmpty()) {
        return at(trial);
      }
      if (trial < passed) {
        index = 0;
        passed = 0;
      }
      for (; index < end; index++) {
        var configuration = at(index);
        if (configuration != null && space.satisfies(configuration) && passed++ == trial) {
          passed--;
          return configuration;
        }
      }
      return null;
    }

    /// Of a list: the untried row nearest to point `trial`.
    private @Nullable Configuration nearest(int trial, History history) {
      place(trial);
      var random = task.streams().stream(trial, Purpose.PROPOSAL);
      return untried.near(space.fromUnit(point), random, history);
    }

    private @Nullable Configuration firstUntried(History history) {
      if (history.size() < seen) {
        index = 0;
      }
      seen = history.size();
      for (; index < end; index++) {
        var configuration = at(index);
        if (configuration != null && untried.allows(configuration, history)) {
          return configuration;
        }
      }
      return null;
    }

    /// Point i, denser where the best values are expected.
    private void place(long i) {
      sequence.point(i, point);
      if (beliefs != null) {
        beliefs.place(point);
      }
    }

    /// Null where the point stands for no configuration.
    private @Nullable Configuration at(long i) {
      place(i);
      return space.isTight() ? space.solutionAt(point) : space.fromUnit(point);
    }
  }
}
