package dev.assay.internal.sampler.simple;

import dev.assay.internal.sampler.prior.Axis;
import dev.assay.internal.sampler.prior.Belief;
import dev.assay.internal.sampler.seen.Merit;
import dev.assay.internal.sampler.seen.Untried;
import dev.assay.random.Purpose;
import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Annealing (Kirkpatrick, Gelatt and Vecchi 1983) in the manner of Hyperopt: a step from one of
/// the best trials, in steps that shrink with the number of trials.
///
/// The trial is drawn by rank from a geometric distribution. Along a parameter with n trials a step
/// is uniform within 1/(1 + n·shrink) of the range, centred on the trial's value; an unordered
/// choice is drawn anew with that probability. A parameter that the trial does not have is drawn
/// uniformly, or from its prior. With several objectives the first decides.
///
/// @param mean of the rank, from 1
/// @param shrink how fast steps get smaller
public record AnnealingSampler(
    @Option(value = "mean rank of the trial stepped from", key = "mean_rank", low = 1, high = 1e6)
        double mean,
    @Option(value = "how fast steps get smaller", low = 0, high = 1e6) double shrink)
    implements Sampler {
  public AnnealingSampler {
    Settings.check("sampler annealing", AnnealingSampler.class, mean, shrink);
  }

  /// With the default settings.
  public AnnealingSampler() {
    this(2, 0.1);
  }

  @Override
  public String name() {
    return "annealing";
  }

  @Override
  public Proposer open(SearchTask task) {
    return new Search(this, task);
  }

  private static final class Search implements Proposer {
    private static final int ATTEMPTS = 50;

    private final AnnealingSampler sampler;
    private final SearchTask task;
    private final SearchSpace space;
    private final List<Axis> axes = new ArrayList<>();
    private final Untried untried;

    /// The memo: trials by merit, and how many have each parameter.
    private final List<Ranked> best = new ArrayList<>();

    private final int[] counts;
    private int seen;

    private record Ranked(Configuration configuration, Merit merit) {}

    Search(AnnealingSampler sampler, SearchTask task) {
      this.sampler = sampler;
      this.task = task;
      space = task.space();
      for (int i = 0; i < space.dimension(); i++) {
        axes.add(Axis.of(i, space.parameters().get(i)));
      }
      untried = new Untried(space);
      counts = new int[space.dimension()];
    }

    @Override
    public @Nullable Proposal propose(int trial, History history) {
      follow(history);
      var random = task.streams().stream(trial, Purpose.PROPOSAL);
      for (int attempt = 0; attempt < ATTEMPTS && !best.isEmpty(); attempt++) {
        var configuration = step(best.get(rank(random)).configuration, random);
        if (untried.allows(configuration, history)) {
          return new Proposal(configuration);
        }
      }
      var configuration = near(random, history);
      if (configuration == null) {
        configuration = untried.draw(random, history);
      }
      return configuration == null ? null : new Proposal(configuration);
    }

    /// Where few configurations satisfy the constraints: the one that a step comes nearest to.
    private @Nullable Configuration near(RandomGenerator random, History history) {
      return best.isEmpty()
          ? null
          : untried.near(step(best.get(rank(random)).configuration, random), random, history);
    }

    private void follow(History history) {
      if (history.size() < seen) {
        seen = 0;
        best.clear();
        Arrays.fill(counts, 0);
      }
      for (; seen < history.size(); seen++) {
        var trial = history.get(seen);
        var merit = Merit.of(trial, task.objectives());
        if (merit.isRanked()) {
          insert(new Ranked(trial.configuration(), merit));
        }
        for (int i = 0; i < counts.length; i++) {
          counts[i] += trial.configuration().isActive(i) ? 1 : 0;
        }
      }
    }

    /// After all that are as good.
    private void insert(Ranked trial) {
      int at = best.size();
      while (at > 0 && best.get(at - 1).merit.compareTo(trial.merit) > 0) {
        at--;
      }
      best.add(at, trial);
    }

    private int rank(RandomGenerator random) {
      // Geometric by inversion.
      double stop = 1 / sampler.mean;
      double rank = stop == 1 ? 0 : Math.log1p(-random.nextDouble()) / Math.log1p(-stop);
      return (int) Math.min(rank, best.size() - 1.0);
    }

    private Configuration step(Configuration from, RandomGenerator random) {
      var codes = new double[axes.size()];
      for (int i = 0; i < codes.length; i++) {
        codes[i] = space.exists(i, codes) ? step(i, from.code(i), random) : Double.NaN;
      }
      return space.fromCodes(codes);
    }

    private double step(int i, double code, RandomGenerator random) {
      var axis = axes.get(i);
      double width = 1 / (1 + counts[i] * sampler.shrink);
      if (Double.isNaN(code) || (axis.isCategory() && random.nextDouble() < width)) {
        return Belief.code(space.parameters().get(i), random.nextDouble());
      }
      if (axis.isCategory()) {
        return code;
      }
      double x = axis.coordinate(code);
      double low = Math.max(0, x - width / 2);
      double high = Math.min(1, x + width / 2);
      return axis.code(low + (high - low) * random.nextDouble());
    }
  }
}
