package dev.assay.sampler.gp;

import dev.assay.engine.Box;
import dev.assay.engine.Coordinate;
import dev.assay.engine.GpEngine;
import dev.assay.engine.MaximiserPlan;
import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.PriorFamily;
import dev.assay.gp.RadialCovariance;
import dev.assay.problem.Problem;
import dev.assay.problem.Require;
import dev.assay.surrogate.Criterion;
import dev.assay.surrogate.SurrogateSettings;
import dev.assay.trial.Objective;
import dev.assay.trial.Options;
import dev.assay.trial.Recommendation;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Bayesian optimisation with Gaussian processes (Mockus 1978; Jones, Schonlau and Welch 1998).
///
/// The first trials are the centre of the space and scrambled Sobol points. Then models are fitted,
/// from where the last fit left off, and the configuration is proposed whose log expected
/// improvement, averaged over models by their posterior densities, is largest. What was fitted is
/// noted with the trial.
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
/// @param model `auto`: average for one objective, single for several or where a kernel is named;
///   `average`, or `single` for speed
/// @param kernel of the single model: `auto`, `matern52`, `matern32`, `rbf`, `rational_quadratic`,
///   `additive`
/// @param acquisition `auto`: `logei`, with several objectives the hypervolume's improvement;
///   `logei`, `ei`, `pi`, `ucb`, `thompson`, for one objective; with constraints on outcomes one of
///   the first three, times the probability that they are kept
/// @param kappa standard deviations of `ucb`
/// @param priors `auto`: `optuna` under noise or with unordered choices, else `dimension_scaled`;
///   or one of these
/// @param noise variance of the noise relative to the variance of the values; -1: learned
/// @param trustRegion `auto`: in more than 20 dimensions, candidates for one objective lie in a
///   trust region around the best point (TuRBO, Eriksson et al. 2019); `always`, `never`
/// @param start trials before the first model; 0: 3, in fewer than four dimensions 4, with
///   unordered choices 10; with several objectives max(4, d + 1) and likewise at least 10
/// @param candidates Sobol points that each proposal's search looks at first, 16 to 2^24; more than
///   4,096 are screened ([dev.assay.engine.GpSession#screen]), but not in a trust region of more
///   than 20 dimensions, which is sampled around its centre
/// @param noisy whether repeated trials may differ: for one objective a repetition decides, unless
///   it is known
/// @param engine what computes
public record GpSampler(
    String model,
    String kernel,
    String acquisition,
    double kappa,
    String priors,
    double noise,
    String trustRegion,
    int start,
    int candidates,
    Noisy noisy,
    GpEngine engine)
    implements Sampler, OnEngine, GpStrategy {
  /// The note of a trial that no model proposed though there was one: why the search explored.
  public static final String EXPLORES = "explores";

  /// The note of a trial that repeats another one: which, and why.
  public static final String REPEATS = "repeats";

  private static final String AUTO = "auto";
  private static final List<String> MODELS = List.of(AUTO, "average", "single");
  private static final List<String> KERNELS =
      List.of(AUTO, "matern52", "matern32", "rbf", "rational_quadratic", "additive");
  private static final List<String> ACQUISITIONS =
      List.of(AUTO, "logei", "ei", "pi", "ucb", "thompson");
  private static final List<String> TRUST_REGIONS = List.of(AUTO, "always", "never");
  private static final List<String> PRIORS = List.of(AUTO, "dimension_scaled", "optuna");

  /// More dimensions than this are searched in a trust region.
  private static final int MANY_DIMENSIONS = 20;

  /// A model of few points asks for far ones: chosen one by one with what is known already, they
  /// lead to better basins than as many points of a design.
  private static final int FIRST = 3;

  /// In up to three dimensions, where with fewer noise is taken for a lead more often.
  private static final int FIRST_IN_FEW = 4;

  private static final int FEW_DIMENSIONS = 3;
  private static final int LEAST_WITH_CATEGORIES = 10;
  private static final int MOST_CANDIDATES = 1 << 24;

  /// Noise of this variance and more is no rounding.
  private static final double NOTICED = 1e-3;

  public GpSampler {
    Require.oneOf("sampler gp", "model", model, MODELS);
    Require.oneOf("sampler gp", "kernel", kernel, KERNELS);
    Require.oneOf("sampler gp", "acquisition", acquisition, ACQUISITIONS);
    Require.oneOf("sampler gp", "priors", priors, PRIORS);
    Require.oneOf("sampler gp", "trust_region", trustRegion, TRUST_REGIONS);
    Options.requireInRange("sampler gp", "kappa", kappa, 0, 1e6);
    Options.requireInRange("sampler gp", "start", start, 0, Integer.MAX_VALUE);
    Options.requireInRange("sampler gp", "candidates", candidates, 16, MOST_CANDIDATES);
    if (noise != -1) {
      Options.requireInRange("sampler gp", "noise", noise, 1e-10, 1e3);
    }
    if (model.equals("average") && !List.of(AUTO, "matern52").contains(kernel)) {
      throw refused("kernel " + kernel, "the average has kernels of its own", "Use model: single.");
    }
    if (noisy == Noisy.NO && noise > NOTICED) {
      throw refused("noisy no", "noise " + noise + " says otherwise", "Leave out one of them.");
    }
  }

  private static Problem refused(String option, String reason, String mend) {
    return new Problem(
        "The option cannot be obeyed: " + reason + ".", option + " (sampler gp)", mend);
  }

  /// Without a word on noise.
  public GpSampler(
      String model,
      String kernel,
      String acquisition,
      double kappa,
      String priors,
      double noise,
      String trustRegion,
      int start,
      int candidates,
      GpEngine engine) {
    this(
        model,
        kernel,
        acquisition,
        kappa,
        priors,
        noise,
        trustRegion,
        start,
        candidates,
        Noisy.AUTO,
        engine);
  }

  /// With the default settings, on the processor.
  public GpSampler() {
    this(Noisy.AUTO, GpEngine.standard());
  }

  /// With the default settings otherwise.
  public GpSampler(Noisy noisy, GpEngine engine) {
    this(AUTO, AUTO, AUTO, 1.8, AUTO, -1, AUTO, 0, MaximiserPlan.SOBOL, noisy, engine);
  }

  public static GpSampler of(Options options) {
    var usual = new GpSampler();
    return new GpSampler(
        options.word("model", usual.model, MODELS),
        options.word("kernel", usual.kernel, KERNELS),
        options.word("acquisition", usual.acquisition, ACQUISITIONS),
        options.number("kappa", usual.kappa),
        options.word("priors", usual.priors, PRIORS),
        options.number("noise", usual.noise),
        options.word("trust_region", usual.trustRegion, TRUST_REGIONS),
        options.integer("start", usual.start),
        options.integer("candidates", usual.candidates),
        Noisy.of(options),
        usual.engine);
  }

  @Override
  public GpSampler on(GpEngine other) {
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
        other);
  }

  @Override
  public String name() {
    return "gp";
  }

  @Override
  public Map<String, @Nullable Object> settings() {
    var settings = new LinkedHashMap<String, @Nullable Object>();
    settings.put("model", model);
    settings.put("kernel", kernel);
    settings.put("acquisition", acquisition);
    settings.put("kappa", kappa);
    settings.put("priors", priors);
    settings.put("noise", noise);
    settings.put("trust_region", trustRegion);
    settings.put("start", start);
    settings.put("candidates", candidates);
    settings.put(Noisy.KEY, noisy.word());
    return settings;
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

  private boolean hasTrustRegion(int d) {
    return trustRegion.equals("always") || trustRegion.equals(AUTO) && d > MANY_DIMENSIONS;
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

  private static boolean hasCategories(Box box) {
    return box.coordinates().stream().anyMatch(c -> c instanceof Coordinate.Category);
  }

  /// @param task for which these settings can be obeyed ([#check])
  /// @param expectsNoise whether outputs are noisy
  @Override
  public SurrogateSettings surrogates(SearchTask task, Box box, boolean expectsNoise) {
    boolean several = task.objectives().size() > 1;
    boolean average = model.equals("average") || model.equals(AUTO) && kernel.equals(AUTO);
    var base =
        average && !several ? SurrogateSettings.average() : SurrogateSettings.single(covariance());
    var settings =
        base.judgedBy(criterion())
            .lookingAt(candidates)
            .inTrustRegion(!several && hasTrustRegion(box.dimension()) ? firstModel(box, 1) : 0);
    var known = noise == -1 ? OptionalDouble.empty() : OptionalDouble.of(noise);
    var family =
        priors.equals(AUTO)
            ? hasCategories(box) ? PriorFamily.OPTUNA : PriorFamily.DIMENSION_SCALED
            : PriorFamily.valueOf(priors.toUpperCase(Locale.ROOT));
    settings = settings.believing(family, known);
    if (!expectsNoise) {
      return settings;
    }
    return priors.equals("dimension_scaled")
        ? settings.underNoise().believing(family, known)
        : settings.underNoise();
  }

  /// @throws Problem where a setting has no meaning for the task
  private void check(SearchTask task) {
    if (task.objectives().size() > 1) {
      if (model.equals("average")) {
        throw several("model average", "Each objective has a single model: use model: single.");
      }
      if (!acquisition.equals(AUTO)) {
        throw several("acquisition " + acquisition, "Leave it out: the hypervolume decides.");
      }
      if (trustRegion.equals("always")) {
        throw several("trust_region always", "Leave it out.");
      }
    } else if (!task.constraints().isEmpty() && List.of("ucb", "thompson").contains(acquisition)) {
      throw refused(
          "acquisition " + acquisition,
          "it cannot be weighed with the probability that subject_to is kept",
          "Use logei, ei or pi.");
    }
  }

  private static Problem several(String option, String mend) {
    return refused(option, "there are several objectives", mend);
  }

  private CovarianceFunction covariance() {
    return switch (kernel) {
      case "matern32" -> new RadialCovariance.Matern32();
      case "rbf" -> new RadialCovariance.Rbf();
      case "rational_quadratic" -> new RadialCovariance.RationalQuadratic();
      case "additive" -> CovarianceFunction.productPlusAdditive(1);
      default -> CovarianceFunction.product();
    };
  }

  /// Whether the acquisition can be weighed with probabilities: that constraints are kept, that a
  /// trial does not fail.
  @Override
  public boolean weighsProbabilities() {
    return !List.of("ucb", "thompson").contains(acquisition);
  }

  private Criterion criterion() {
    return switch (acquisition) {
      case "ei" -> new Criterion.Ei();
      case "pi" -> new Criterion.Pi();
      case "ucb" -> new Criterion.Ucb(kappa);
      case "thompson" -> new Criterion.Thompson();
      default -> new Criterion.LogEi();
    };
  }

  @Override
  public List<Recommendation> ranked(List<TrialRecord> trials, List<Objective> objectives) {
    return Recommendations.ranked(trials, objectives);
  }

  @Override
  public Proposer open(SearchTask task) {
    check(task);
    return new GpSearch(this, task);
  }
}
