package dev.assay.internal.sampler.gp;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.Coordinate;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.MaximiserPlan;
import dev.assay.internal.gp.PriorFamily;
import dev.assay.internal.sampler.cost.TrialCosts;
import dev.assay.internal.sampler.memory.MemoryGuard;
import dev.assay.internal.surrogate.Criterion;
import dev.assay.internal.surrogate.SurrogateSettings;
import dev.assay.settings.Option;
import dev.assay.settings.Settings;
import dev.assay.trial.Objective;
import dev.assay.trial.Recommendation;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Bayesian optimisation with Gaussian processes (Mockus 1978; Jones, Schonlau and Welch 1998).
///
/// The first trials are the centre of the space and scrambled Sobol points, where parameters are
/// sizes of blocks at powers of two ([OddParts]). Then models are fitted, from where the last fit
/// left off, and the configuration is proposed whose log expected improvement, averaged over models
/// by their posterior densities, is largest. What was fitted is noted with the trial.
///
/// While all values are equal a model says nothing, and the search goes on filling the space; so
/// does every other trial once models expect to gain next to nothing or what is best is a plateau,
/// and all once they expect nothing. Why is noted with the trial ([#EXPLORES]). Nothing exact is
/// tried twice.
///
/// Where parameters have priors the first trials are spread as these are, and the acquisition is
/// multiplied by their density to a power that falls with the number of trials (πBO, Hvarfner et
/// al. 2022). Every third trial pays no heed to them.
///
/// Where trials fail, the probability that one does not is learned and multiplies the acquisition,
/// but for `ucb` and `thompson`.
///
/// @param model which models there are
/// @param kernel of the single model
/// @param acquisition what candidates are judged by
/// @param kappa standard deviations of `ucb`
/// @param priors what is believed of hyperparameters
/// @param noise variance of the noise relative to the variance of the values; -1: learned
/// @param trustRegion where candidates lie
/// @param start trials before the first model; 0: 3, in fewer than four dimensions 4, with
///   unordered choices or sizes of blocks 10; with several objectives max(4, d + 1) and likewise at
///   least 10
/// @param candidates Sobol points that each proposal's search looks at first, 16 to 2^24; more than
///   4,096 are screened ([dev.assay.internal.engine.GpSession#screen]), but not in more than 20
///   dimensions, which are sampled around the best point
/// @param noisy whether repeated trials may differ: for one objective a repetition decides, unless
///   it is known
/// @param cost what says how much a trial costs ([TrialCosts])
/// @param engine what computes
public record GpSampler(
    @Option(
            "`auto`: the average for one objective, single for several or where a kernel is named;"
                + " `single` also for speed")
        Models model,
    @Option("the covariance function of the single model") Kernel kernel,
    @Option(
            "`auto`: `logei`, with several objectives the hypervolume's improvement; the others for"
                + " one objective, with `subject_to` `logei`, `ei` or `pi`")
        Judgement acquisition,
    @Option(value = "standard deviations of `ucb`", low = 0, high = 1e6) double kappa,
    @Option(
            "what is believed of hyperparameters; `auto`: `optuna` under noise or with unordered"
                + " choices, else `dimension_scaled`")
        Priors priors,
    @Option(
            value = "variance of the noise relative to that of the values; -1: learned",
            low = 1e-10,
            high = 1e3,
            or = -1)
        double noise,
    @Option(
            "whether candidates lie in a region around the best point, for one objective; `auto`:"
                + " beyond 20 dimensions most of their coordinates are those of the best point, the"
                + " others lie anywhere")
        Region trustRegion,
    @Option(
            value =
                "trials before the first model; 0: 3, for fewer than four parameters 4, with"
                    + " unordered choices or sizes of blocks 10; with several objectives one more"
                    + " than there are dimensions, at least 4, or 10",
            low = 0)
        int start,
    @Option(
            value =
                "Sobol points that the search for each proposal looks at first; more than 4,096 are"
                    + " screened, which on a GPU makes a million affordable with `logei`, `ei` and"
                    + " `ucb`; not in more than 20 dimensions, unless `trust_region` is `never`,"
                    + " nor with `thompson`",
            low = 16,
            high = GpSampler.MOST_CANDIDATES)
        int candidates,
    @Option("whether one configuration may bring different values") Noisy noisy,
    @Option(
            "the metric that says what a trial cost: what is expected is divided by it, to a power"
                + " that falls as the budget is used; `seconds`: how long it ran; `auto`: that"
                + " under a budget of time without batches; `none`")
        String cost,
    GpEngine engine)
    implements Sampler, OnEngine, GpStrategy {
  /// The note of a trial that no model proposed though there was one: why the search explored.
  public static final String EXPLORES = "explores";

  /// The note of a trial that repeats another one: which, and why.
  public static final String REPEATS = "repeats";

  /// Which models there are.
  public enum Models {
    /// The average for one objective, single for several or where a kernel is named.
    AUTO,
    AVERAGE,
    /// For speed.
    SINGLE
  }

  /// The covariance function of the single model.
  public enum Kernel {
    AUTO,
    MATERN52,
    MATERN32,
    RBF,
    RATIONAL_QUADRATIC,
    ADDITIVE
  }

  /// What candidates are judged by: all but `auto` for one objective; with constraints on outcomes
  /// one of the first four, times the probability that they are kept.
  public enum Judgement {
    /// LogEI, with several objectives the hypervolume's improvement.
    AUTO,
    LOGEI,
    EI,
    PI,
    UCB,
    THOMPSON
  }

  /// What is believed of hyperparameters.
  public enum Priors {
    /// Optuna's under noise or with unordered choices, else those that scale with dimension.
    AUTO,
    DIMENSION_SCALED,
    OPTUNA
  }

  /// Where candidates lie.
  public enum Region {
    /// Anywhere; in more than 20 dimensions, for one objective, apart from the best point in some
    /// coordinates, since where all of them move at once all candidates are far away. With length
    /// scales that know the dimension (Hvarfner, Hellsten and Nardi 2024) that does without a
    /// region: one whose sides follow the length scales is narrow along the few coordinates that
    /// matter, and leaves out what lies beyond the next ridge.
    AUTO,
    /// In a trust region around the best point (TuRBO, Eriksson et al. 2019).
    ALWAYS,
    /// Anywhere.
    NEVER
  }

  /// More dimensions than this are searched from the best point.
  private static final int MANY_DIMENSIONS = 20;

  /// A model of few points asks for far ones: chosen one by one with what is known already, they
  /// lead to better basins than as many points of a design.
  private static final int FIRST = 3;

  /// In up to three dimensions, where with fewer noise is taken for a lead more often.
  private static final int FIRST_IN_FEW = 4;

  private static final int FEW_DIMENSIONS = 3;
  private static final int LEAST_WITH_CATEGORIES = 10;
  static final int MOST_CANDIDATES = 1 << 24;

  /// Noise of this variance and more is no rounding.
  static final double NOTICED = 1e-3;

  public GpSampler {
    Settings.check(
        "sampler gp",
        GpSampler.class,
        model,
        kernel,
        acquisition,
        kappa,
        priors,
        noise,
        trustRegion,
        start,
        candidates,
        noisy,
        cost,
        engine);
    Clashes.refuse(model, kernel, acquisition, noise, noisy, cost);
  }

  /// With the default settings, on the processor.
  public GpSampler() {
    this(Noisy.AUTO, GpEngine.standard());
  }

  /// With the default settings otherwise.
  public GpSampler(Noisy noisy, GpEngine engine) {
    this(
        Models.AUTO,
        Kernel.AUTO,
        Judgement.AUTO,
        1.8,
        Priors.AUTO,
        -1,
        Region.AUTO,
        0,
        MaximiserPlan.SOBOL,
        noisy,
        TrialCosts.AUTO,
        engine);
  }

  @Override
  public GpSampler on(GpEngine other) {
    return with(cost, other);
  }

  /// The same where a metric says what a trial cost ([TrialCosts]).
  public GpSampler withCost(String metric) {
    return with(metric, engine);
  }

  private GpSampler with(String metric, GpEngine other) {
    return new GpSampler(
        model,
        kernel,
        acquisition,
        kappa,
        priors,
        noise,
        trustRegion,
        start,
        candidates,
        noisy,
        metric,
        other);
  }

  @Override
  public String name() {
    return "gp";
  }

  @Override
  public Map<String, @Nullable Object> settings() {
    return TrialCosts.stored(Settings.written(this));
  }

  /// What is known of noise before any repetition.
  @Override
  public Repetitions.Verdict knownNoise() {
    return switch (noisy) {
      case YES -> Repetitions.Verdict.NOISY;
      case NO -> Repetitions.Verdict.EXACT;
      case AUTO ->
          noise == -1
              ? Repetitions.Verdict.UNKNOWN
              : noise > NOTICED ? Repetitions.Verdict.NOISY : Repetitions.Verdict.EXACT;
    };
  }

  /// Trials before the first model. Models of unordered choices need more of them: with fewer, an
  /// option that was tried once or not at all is soon given up.
  @Override
  public int firstModel(Box box, int objectives) {
    if (start > 0) {
      return start;
    }
    int d = box.dimension();
    int least = d <= FEW_DIMENSIONS ? FIRST_IN_FEW : objectives > 1 ? d + 1 : FIRST;
    return hasCategories(box) ? Math.max(LEAST_WITH_CATEGORIES, least) : least;
  }

  @Override
  public boolean choosesStart() {
    return start == 0;
  }

  private static boolean hasCategories(Box box) {
    return box.coordinates().stream().anyMatch(c -> c instanceof Coordinate.Category);
  }

  /// @param task for which these settings can be obeyed ([#check])
  /// @param expectsNoise whether outputs are noisy
  @Override
  public SurrogateSettings surrogates(SearchTask task, Box box, boolean expectsNoise) {
    boolean several = task.objectives().size() > 1;
    boolean average = model == Models.AVERAGE || model == Models.AUTO && kernel == Kernel.AUTO;
    var base =
        average && !several ? SurrogateSettings.average() : SurrogateSettings.single(covariance());
    var settings = base.judgedBy(criterion()).lookingAt(candidates);
    if (!several && trustRegion == Region.ALWAYS) {
      settings = settings.inTrustRegion(firstModel(box, 1));
    } else if (!several && trustRegion == Region.AUTO && box.dimension() > MANY_DIMENSIONS) {
      settings = settings.locally();
    }
    var known = noise == -1 ? OptionalDouble.empty() : OptionalDouble.of(noise);
    var family =
        switch (priors) {
          case AUTO -> hasCategories(box) ? PriorFamily.OPTUNA : PriorFamily.DIMENSION_SCALED;
          case DIMENSION_SCALED -> PriorFamily.DIMENSION_SCALED;
          case OPTUNA -> PriorFamily.OPTUNA;
        };
    settings = settings.believing(family, known);
    if (!expectsNoise) {
      return settings;
    }
    return priors == Priors.DIMENSION_SCALED
        ? settings.underNoise().believing(family, known)
        : settings.underNoise();
  }

  private CovarianceFunction covariance() {
    return switch (kernel) {
      case MATERN32 -> new RadialCovariance.Matern32();
      case RBF -> new RadialCovariance.Rbf();
      case RATIONAL_QUADRATIC -> new RadialCovariance.RationalQuadratic();
      case ADDITIVE -> CovarianceFunction.productPlusAdditive(1);
      case AUTO, MATERN52 -> CovarianceFunction.product();
    };
  }

  /// Whether the acquisition can be weighed with probabilities: that constraints are kept, that a
  /// trial does not fail.
  @Override
  public boolean weighsProbabilities() {
    return weighsProbabilities(acquisition);
  }

  static boolean weighsProbabilities(Judgement acquisition) {
    return acquisition != Judgement.UCB && acquisition != Judgement.THOMPSON;
  }

  private Criterion criterion() {
    return switch (acquisition) {
      case EI -> new Criterion.Ei();
      case PI -> new Criterion.Pi();
      case UCB -> new Criterion.Ucb(kappa);
      case THOMPSON -> new Criterion.Thompson();
      case AUTO, LOGEI -> new Criterion.LogEi();
    };
  }

  @Override
  public List<Recommendation> ranked(List<TrialRecord> trials, List<Objective> objectives) {
    return Recommendations.ranked(trials, objectives);
  }

  @Override
  public Proposer open(SearchTask task) {
    Clashes.refuse(this, task);
    return MemoryGuard.of(new GpSearch(this, task), task);
  }
}
