package dev.assay.internal.sampler.cmaes;

import dev.assay.internal.sampler.prior.Axis;
import dev.assay.internal.sampler.seen.Untried;
import dev.assay.internal.sampler.tpe.TpeSampler;
import dev.assay.internal.sampler.tpe.TpeSearch;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Covariance matrix adaptation evolution strategy (Hansen and Ostermeier 2001), for the ordered
/// parameters that always exist; unordered choices and conditional parameters come from a
/// [TpeSampler].
///
/// Trials 2k and 2k + 1 are mirror images about the mean (Brockhoff et al. 2010). A point outside
/// the box is drawn anew. The generation that a trial was drawn for is noted with it, and its point
/// before rounding where that cannot be told from its values; trials that come late by up to two
/// generations of the same run, and configurations of other origin, are still learnt from. Trials
/// of an earlier study give the first mean and covariance (Nomura et al. 2021), else the
/// parameters' priors.
///
/// @param population λ, trials in a generation; 0: 0.7 (4 + ⌊3 ln d⌋), at least 4 and even
/// @param sigma the first step size, as a share of the range
/// @param separable whether parameters are held to be independent: less to learn where there are
///   many
/// @param mirrored whether trials are drawn in mirrored pairs
/// @param restarts what follows when a run has converged
public record CmaEsSampler(
    @Option(
            value = "trials in a generation; 0: by the number of parameters",
            low = 2,
            high = 1_000_000,
            or = 0)
        int population,
    @Option(value = "the first step, as a share of the range", low = 1e-6, high = 1) double sigma,
    @Option("whether parameters are held to be independent") boolean separable,
    @Option("whether trials are drawn in mirrored pairs") boolean mirrored,
    @Option(
            "what follows when a run has converged: another with twice the population, large and"
                + " small ones in turn, or nothing")
        Restarts restarts)
    implements Sampler {
  /// What follows when a run has converged.
  public enum Restarts {
    /// It goes on drawing.
    NONE,
    /// A population twice as large (Auger and Hansen 2005).
    IPOP,
    /// Large and small ones in turn (Hansen 2009).
    BIPOP
  }

  public CmaEsSampler {
    Settings.check(
        "sampler cmaes", CmaEsSampler.class, population, sigma, separable, mirrored, restarts);
  }

  /// With the default settings.
  public CmaEsSampler() {
    this(0, 0.13, false, true, Restarts.IPOP);
  }

  @Override
  public String name() {
    return "cmaes";
  }

  @Override
  public Proposer open(SearchTask task) {
    return new Search(this, task);
  }

  private static final class Search implements Proposer {
    /// Draws until a point lies in the box, and may be proposed.
    private static final int DRAWS = 100;

    /// Draws the other parameters from the good trials' density, without comparing candidates:
    /// those values are tried in proportion, while the others are still on their way.
    private static final TpeSampler INDEPENDENT =
        new TpeSampler(10, 1, 0.15, 25, 1, true, true, false);

    private final CmaEsSampler sampler;
    private final SearchTask task;
    private final SearchSpace space;
    private final Untried untried;
    private final List<Axis> axes;
    private final boolean discrete;
    private final TpeSearch others;

    /// The memo.
    private CmaEsRuns runs;

    Search(CmaEsSampler sampler, SearchTask task) {
      this.sampler = sampler;
      this.task = task;
      space = task.space();
      untried = new Untried(space);
      axes = axes(space);
      discrete = axes.stream().anyMatch(axis -> axis.cell() > 0);
      var own = new boolean[space.dimension()];
      axes.forEach(axis -> own[axis.parameter()] = true);
      others = new TpeSearch(INDEPENDENT, task, i -> !own[i]);
      runs = new CmaEsRuns(sampler, task, axes);
    }

    private static List<Axis> axes(SearchSpace space) {
      var axes = new ArrayList<Axis>();
      for (int i = 0; i < space.dimension(); i++) {
        var parameter = space.parameters().get(i);
        var axis = Axis.of(i, parameter);
        if (parameter.condition().isAlways() && !axis.isCategory() && axis.cell() != 1) {
          axes.add(axis);
        }
      }
      return List.copyOf(axes);
    }

    @Override
    public @Nullable Proposal propose(int trial, History history) {
      if (!runs.mayAdvanceTo(history)) {
        runs = new CmaEsRuns(sampler, task, axes);
      }
      runs.advanceTo(history);
      others.follow(history);
      var own = task.streams().stream(trial, Purpose.PROPOSAL);
      // A pair shares the stream of its first; the second takes the negative of the first draw.
      boolean mirror = sampler.mirrored && trial % 2 == 1;
      var first = mirror ? task.streams().stream(trial - 1L, Purpose.PROPOSAL) : own;
      for (int draw = 0; draw < DRAWS; draw++) {
        var proposal = draw(draw == 0 ? first : own, mirror && draw == 0, own, history);
        if (proposal != null) {
          return proposal;
        }
      }
      var configuration = untried.near(sampled(own, history), own, history);
      if (configuration == null) {
        configuration = untried.draw(own, history);
      }
      return configuration == null ? null : new Proposal(configuration);
    }

    /// A draw moved into the box, for what has to be near it.
    private Configuration sampled(RandomGenerator random, History history) {
      var z = new double[axes.size()];
      Arrays.setAll(z, _ -> random.nextGaussian());
      var x = new double[z.length];
      runs.current().sample(z, x);
      var codes = new double[space.dimension()];
      Arrays.fill(codes, Double.NaN);
      for (int j = 0; j < x.length; j++) {
        codes[axes.get(j).parameter()] = axes.get(j).code(Math.clamp(x[j], 0.0, 1.0));
      }
      others.choose(random, history, codes, _ -> true);
      return space.fromCodes(codes);
    }

    /// @return null when the point lies outside the box or may not be proposed
    private @Nullable Proposal draw(
        RandomGenerator random, boolean mirror, RandomGenerator own, History history) {
      var z = new double[axes.size()];
      for (int j = 0; j < z.length; j++) {
        z[j] = mirror ? -random.nextGaussian() : random.nextGaussian();
      }
      var x = new double[z.length];
      runs.current().sample(z, x);
      var codes = new double[space.dimension()];
      Arrays.fill(codes, Double.NaN);
      for (int j = 0; j < x.length; j++) {
        if (!(x[j] >= 0 && x[j] <= 1)) {
          return null;
        }
        codes[axes.get(j).parameter()] = axes.get(j).code(x[j]);
      }
      others.choose(own, history, codes, _ -> true);
      var configuration = space.fromCodes(codes);
      if (!untried.allows(configuration, history)) {
        return null;
      }
      var notes = new LinkedHashMap<String, @Nullable Object>();
      notes.put("generation", (long) runs.generation());
      if (discrete) {
        notes.put("point", Arrays.stream(x).boxed().toList());
      }
      return new Proposal(configuration, notes);
    }
  }
}
