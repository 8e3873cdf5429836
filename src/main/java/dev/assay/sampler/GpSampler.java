package dev.assay.sampler;

import dev.assay.engine.Criterion;
import dev.assay.engine.GpEngine;
import dev.assay.engine.MaximiserPlan;
import dev.assay.engine.SurrogateSettings;
import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.PriorFamily;
import dev.assay.gp.RadialCovariance;
import dev.assay.problem.Require;
import dev.assay.study.Options;
import dev.assay.study.Sampler;
import dev.assay.study.SearchTask;
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
/// improvement, averaged over models by their evidence, is largest. What was fitted is noted with
/// the trial.
///
/// While all values are equal a model says nothing, and the search goes on filling the space; so
/// does every other trial once models expect to gain next to nothing, and all once they expect
/// nothing. Why is noted with the trial ([#EXPLORES]). Nothing is tried twice.
///
/// @param model `average`, or `single` for speed
/// @param kernel of the single model: `matern52`, `matern32`, `rbf`, `rational_quadratic`,
///   `additive`
/// @param acquisition `logei`, `ei`, `pi`, `ucb`, `thompson`; with constraints on outcomes always
///   the first, times the probability that they are kept
/// @param kappa standard deviations of `ucb`
/// @param priors `dimension_scaled` or `optuna`
/// @param noise variance of the noise relative to the variance of the values; -1: learned
/// @param trustRegion `auto`: in more than 20 dimensions, candidates lie in a trust region around
///   the best point (TuRBO, Eriksson et al. 2019); `always`, `never`
/// @param start trials before the first model; 0: max(4, d + 1)
/// @param candidates Sobol points that each proposal's search looks at first, 16 to 2^24; more than
///   4,096 are screened ([dev.assay.engine.GpSession#screen]), but not in a trust region of more
///   than 20 dimensions, which is sampled around its centre
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
    GpEngine engine)
    implements Sampler {
  /// The note of a trial that no model proposed though there was one: why the search explored.
  public static final String EXPLORES = "explores";

  private static final List<String> MODELS = List.of("average", "single");
  private static final List<String> KERNELS =
      List.of("matern52", "matern32", "rbf", "rational_quadratic", "additive");
  private static final List<String> ACQUISITIONS = List.of("logei", "ei", "pi", "ucb", "thompson");
  private static final List<String> TRUST_REGIONS = List.of("auto", "always", "never");

  /// More dimensions than this are searched in a trust region.
  private static final int MANY_DIMENSIONS = 20;

  private static final int MOST_CANDIDATES = 1 << 24;

  private static final List<String> PRIORS = List.of("dimension_scaled", "optuna");

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
  }

  /// With the default settings, on the processor.
  public GpSampler() {
    this(
        "average",
        "matern52",
        "logei",
        1.8,
        "dimension_scaled",
        -1,
        "auto",
        0,
        MaximiserPlan.SOBOL,
        GpEngine.standard());
  }

  static GpSampler of(Options options) {
    return new GpSampler(
        options.word("model", "average", MODELS),
        options.word("kernel", "matern52", KERNELS),
        options.word("acquisition", "logei", ACQUISITIONS),
        options.number("kappa", 1.8),
        options.word("priors", "dimension_scaled", PRIORS),
        options.number("noise", -1),
        options.word("trust_region", "auto", TRUST_REGIONS),
        options.integer("start", 0),
        options.integer("candidates", MaximiserPlan.SOBOL),
        GpEngine.standard());
  }

  /// The same on another engine.
  public GpSampler on(GpEngine other) {
    return new GpSampler(
        model, kernel, acquisition, kappa, priors, noise, trustRegion, start, candidates, other);
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
    return settings;
  }

  private boolean hasTrustRegion(int d) {
    return trustRegion.equals("always") || trustRegion.equals("auto") && d > MANY_DIMENSIONS;
  }

  /// @param d coordinates
  /// @param first trials before the first model
  SurrogateSettings surrogates(int d, int first) {
    var base =
        model.equals("average")
            ? SurrogateSettings.average()
            : SurrogateSettings.single(covariance());
    return base.judgedBy(criterion())
        .lookingAt(candidates)
        .inTrustRegion(hasTrustRegion(d) ? first : 0)
        .believing(
            PriorFamily.valueOf(priors.toUpperCase(Locale.ROOT)),
            noise == -1 ? OptionalDouble.empty() : OptionalDouble.of(noise));
  }

  private CovarianceFunction covariance() {
    return switch (kernel) {
      case "matern52" -> CovarianceFunction.product();
      case "matern32" -> new RadialCovariance.Matern32();
      case "rbf" -> new RadialCovariance.Rbf();
      case "rational_quadratic" -> new RadialCovariance.RationalQuadratic();
      default -> CovarianceFunction.productPlusAdditive(1);
    };
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
  public Proposer open(SearchTask task) {
    return new GpSearch(this, task);
  }
}
