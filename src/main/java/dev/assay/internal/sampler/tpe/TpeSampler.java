package dev.assay.internal.sampler.tpe;

import dev.assay.internal.sampler.memory.MemoryGuard;
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
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Tree-structured Parzen estimator (Bergstra et al. 2011; Falkner, Klein and Hutter 2018 for all
/// parameters together; Watanabe 2023 for what each setting does).
///
/// l is the density of the good trials, the best γ of all; g the density of the others. Candidates
/// are drawn from l, and the one with the largest l/g is proposed. Good trials count by rank, as
/// log(m + ½) − log i for the i-th of m. What parameters' priors say is one more component of l,
/// whose weight falls with the square of the number of trials, and which becomes an even one along
/// axes where the good trials say otherwise. With several objectives the good ones are those of the
/// first fronts (Ozaki et al. 2020).
///
/// @param start trials drawn at random before the first model
/// @param candidates how many are drawn for each proposal
/// @param gamma γ, the share of trials that are good
/// @param mostGood never more good trials than these
/// @param priorWeight the weight of the uniform component of l and g, in trials
/// @param multivariate whether parameters are proposed together; else each by itself
/// @param group whether the parameters of one branch of a conditional space are proposed together;
///   else only those that always exist
/// @param constantLiar whether a pending trial counts as bad until its outcome is known, which
///   keeps parallel proposals apart
public record TpeSampler(
    @Option(value = "random trials first", low = 1) int start,
    @Option(value = "drawn for each proposal", low = 1, high = 1_000_000) int candidates,
    @Option(value = "share of trials that are good", low = 1e-6, high = 1) double gamma,
    @Option(value = "never more good trials than these", low = 1) int mostGood,
    @Option(value = "the weight of the uniform component, in trials", low = 1e-6, high = 1e6)
        double priorWeight,
    @Option("whether parameters are proposed together") boolean multivariate,
    @Option("whether the parameters of one branch are proposed together") boolean group,
    @Option("whether pending trials count as bad") boolean constantLiar)
    implements Sampler {

  public TpeSampler {
    Settings.check(
        "sampler tpe",
        TpeSampler.class,
        start,
        candidates,
        gamma,
        mostGood,
        priorWeight,
        multivariate,
        group,
        constantLiar);
  }

  /// With the default settings.
  public TpeSampler() {
    this(10, 24, 0.15, 25, 1, true, true, true);
  }

  @Override
  public String name() {
    return "tpe";
  }

  @Override
  public Proposer open(SearchTask task) {
    return MemoryGuard.of(new Search(new TpeSearch(this, task, _ -> true), task), task);
  }

  private static final class Search implements Proposer {
    /// Times that a configuration is put together anew because it may not be proposed.
    private static final int ATTEMPTS = 10;

    /// One of so many random trials is drawn evenly: with those of the others that are, every other
    /// one, since good trials are known only where some were.
    private static final int HEEDLESS = 4;

    private final TpeSearch search;
    private final SearchTask task;
    private final SearchSpace space;
    private final Untried untried;

    /// Whether some configuration may be refused.
    private final boolean checked;

    Search(TpeSearch search, SearchTask task) {
      this.search = search;
      this.task = task;
      space = task.space();
      untried = new Untried(space);
      checked = space.isFinite() || !space.constraints().isEmpty();
    }

    @Override
    public @Nullable Proposal propose(int trial, History history) {
      search.follow(history);
      var random = task.streams().stream(trial, Purpose.PROPOSAL);
      Predicate<double[]> accepts =
          checked && search.isJoint() && !space.isTight()
              ? codes -> untried.allows(space.fromCodes(codes), history)
              : _ -> true;
      @Nullable Configuration goal = null;
      for (int attempt = 0; search.isReady() && attempt < ATTEMPTS; attempt++) {
        var codes = new double[space.dimension()];
        Arrays.fill(codes, Double.NaN);
        search.choose(random, history, codes, accepts);
        var configuration = space.fromCodes(codes);
        if (!checked || untried.allows(configuration, history)) {
          return new Proposal(configuration);
        }
        goal = configuration;
      }
      var configuration = goal == null ? null : untried.near(goal, random, history);
      if (configuration == null) {
        boolean even = !search.isReady() && trial % HEEDLESS == HEEDLESS - 1;
        configuration = even ? untried.drawEvenly(random, history) : untried.draw(random, history);
      }
      return configuration == null ? null : new Proposal(configuration);
    }
  }
}
