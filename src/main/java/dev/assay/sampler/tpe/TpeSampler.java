package dev.assay.sampler.tpe;

import dev.assay.random.Purpose;
import dev.assay.sampler.seen.Untried;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Options;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
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
    int start,
    int candidates,
    double gamma,
    int mostGood,
    double priorWeight,
    boolean multivariate,
    boolean group,
    boolean constantLiar)
    implements Sampler {

  public TpeSampler {
    Options.requireInRange("sampler tpe", "start", start, 1, Integer.MAX_VALUE);
    Options.requireInRange("sampler tpe", "candidates", candidates, 1, 1_000_000);
    Options.requireInRange("sampler tpe", "gamma", gamma, 1e-6, 1);
    Options.requireInRange("sampler tpe", "most_good", mostGood, 1, Integer.MAX_VALUE);
    Options.requireInRange("sampler tpe", "prior_weight", priorWeight, 1e-6, 1e6);
  }

  /// With the default settings.
  public TpeSampler() {
    this(10, 24, 0.15, 25, 1, true, true, true);
  }

  public static TpeSampler of(Options options) {
    var usual = new TpeSampler();
    return new TpeSampler(
        options.integer("start", usual.start),
        options.integer("candidates", usual.candidates),
        options.number("gamma", usual.gamma),
        options.integer("most_good", usual.mostGood),
        options.number("prior_weight", usual.priorWeight),
        options.flag("multivariate", usual.multivariate),
        options.flag("group", usual.group),
        options.flag("constant_liar", usual.constantLiar));
  }

  @Override
  public String name() {
    return "tpe";
  }

  @Override
  public Map<String, @Nullable Object> settings() {
    var settings = new LinkedHashMap<String, @Nullable Object>();
    settings.put("start", start);
    settings.put("candidates", candidates);
    settings.put("gamma", gamma);
    settings.put("most_good", mostGood);
    settings.put("prior_weight", priorWeight);
    settings.put("multivariate", multivariate);
    settings.put("group", group);
    settings.put("constant_liar", constantLiar);
    return settings;
  }

  @Override
  public Proposer open(SearchTask task) {
    return new Search(new TpeSearch(this, task, _ -> true), task);
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
