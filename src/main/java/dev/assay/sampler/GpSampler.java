package dev.assay.sampler;

import static java.util.Objects.requireNonNull;

import dev.assay.engine.Criterion;
import dev.assay.engine.FittedOutputs;
import dev.assay.engine.GpEngine;
import dev.assay.engine.Known;
import dev.assay.engine.MaximiserPlan;
import dev.assay.engine.ParetoSearch;
import dev.assay.engine.SurrogateMemory;
import dev.assay.engine.SurrogateSearch;
import dev.assay.engine.SurrogateSettings;
import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.PriorFamily;
import dev.assay.gp.RadialCovariance;
import dev.assay.problem.Problem;
import dev.assay.random.Purpose;
import dev.assay.random.SobolSequence;
import dev.assay.space.Configuration;
import dev.assay.study.History;
import dev.assay.study.Options;
import dev.assay.study.Proposal;
import dev.assay.study.Sampler;
import dev.assay.study.SearchTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Bayesian optimisation with Gaussian processes (Mockus 1978; Jones, Schonlau and Welch 1998).
///
/// The first trials are the centre of the space and scrambled Sobol points. Then models are fitted,
/// from where the last fit left off, and the configuration is proposed whose log expected
/// improvement, averaged over models by their evidence, is largest. What was fitted is noted with
/// the trial.
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
  private SurrogateSettings surrogates(int d, int first) {
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
    return new Search(this, task);
  }

  private static final class Search implements Proposer {
    private final GpSampler sampler;
    private final SearchTask task;
    private final BoxEncoding encoding;
    private final Untried untried;
    private final @Nullable SobolSequence sobol;
    private final int start;

    /// The memos: the models fitted to the first so many finished trials, and what was computed of
    /// them.
    private @Nullable FittedOutputs fitted;

    private int fittedAt = -1;
    private @Nullable GpEngine engine;
    private @Nullable SurrogateSearch single;
    private @Nullable ParetoSearch pareto;

    Search(GpSampler sampler, SearchTask task) {
      this.sampler = sampler;
      this.task = task;
      encoding = new BoxEncoding(task.space());
      untried = new Untried(task.space());
      int d = encoding.box().dimension();
      int axes = task.space().dimension();
      sobol =
          axes > SobolSequence.MAX_DIMENSION
              ? null
              : new SobolSequence(axes, task.streams().seed(0, Purpose.SCRAMBLE));
      start = sampler.start > 0 ? sampler.start : Math.max(4, d + 1);
    }

    @Override
    public @Nullable Proposal propose(int trial, History history) {
      var observed = ObservedLosses.of(history, task.objectives());
      boolean early = history.size() + history.pending().size() < start;
      if (early || observed.completed() < 2 || encoding.box().dimension() == 0) {
        return initial(trial, history);
      }
      requireMemory(history.size() + history.pending().size());
      try {
        return modelled(trial, history, observed);
      } catch (NoSuchElementException e) { // exhausted, or nearly so: find what is left
        return drawn(trial, history);
      }
    }

    private @Nullable Proposal initial(int trial, History history) {
      var unit = new double[task.space().dimension()];
      Arrays.fill(unit, 0.5);
      if (trial > 0 && sobol != null) {
        sobol.point(trial - 1, unit);
      }
      var configuration = task.space().fromUnit(unit);
      boolean free = trial == 0 || sobol != null;
      return free && untried.allows(configuration, history)
          ? new Proposal(configuration)
          : drawn(trial, history);
    }

    private @Nullable Proposal drawn(int trial, History history) {
      var random = task.streams().stream(trial, Purpose.PROPOSAL);
      var configuration = untried.draw(random, history);
      return configuration == null ? null : new Proposal(configuration);
    }

    private Proposal modelled(int trial, History history, ObservedLosses observed) {
      choose(sampler.engine.forSize(observed.completed()));
      var known =
          new Known(
              encoding.points(observed.configurations()),
              observed.losses(),
              pending(history),
              ObservedLosses.excesses(history, task.constraints().size()));
      var outputs = fitted;
      if (outputs == null || fittedAt != history.size()) {
        outputs =
            fit(known, FitNotes.last(history), task.streams().seed(history.size(), Purpose.FIT));
        fitted = outputs;
        fittedAt = history.size();
      }
      long seed = task.streams().seed(trial, Purpose.PROPOSAL);
      var rule = encoding.rule(history, untried);
      var candidate =
          pareto != null
              ? pareto.suggest(outputs, known, rule, seed)
              : requireNonNull(single).suggest(outputs, known, rule, trial, seed);
      return new Proposal(
          encoding.configuration(candidate.point()),
          FitNotes.of(outputs.memories(), requireNonNull(engine)));
    }

    /// Opens what searches on an engine, unless it is open.
    private void choose(GpEngine chosen) {
      if (chosen.equals(engine)) {
        return;
      }
      close();
      engine = chosen;
      if (task.objectives().size() > 1) {
        pareto = new ParetoSearch(chosen, encoding.box(), sampler.candidates);
      } else {
        var settings = sampler.surrogates(encoding.box().dimension(), start);
        single = new SurrogateSearch(chosen, encoding.box(), settings);
      }
    }

    private FittedOutputs fit(Known known, List<SurrogateMemory> memories, long seed) {
      return pareto != null
          ? pareto.fit(known, memories, seed)
          : requireNonNull(single).fit(known, memories, seed);
    }

    @Override
    public void close() {
      if (single != null) {
        single.close();
      }
      if (pareto != null) {
        pareto.close();
      }
      single = null;
      pareto = null;
      engine = null;
    }

    private double[] pending(History history) {
      var configurations = new ArrayList<Configuration>();
      history.pending().forEach(p -> configurations.add(p.configuration()));
      return encoding.points(configurations);
    }

    /// The factor and its neighbours: 8 bytes for each pair of trials, with room to grow.
    private static void requireMemory(int n) {
      double rows = n + n / 8.0;
      double need = 8.0 * rows * (rows + 300);
      double have = 0.9 * Runtime.getRuntime().maxMemory();
      if (need > have || n > 40_000) {
        throw new Problem(
            "The Gaussian process of so many trials does not fit into memory.",
            String.format(
                Locale.ROOT, "%d trials: needs %.1f GB, has %.1f GB", n, need / 1e9, have / 1e9),
            "Use the sampler tpe or auto, or give the JVM more memory (-Xmx).");
      }
    }
  }
}
