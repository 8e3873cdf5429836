package dev.assay.internal.surrogate;

import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.acquisition.Mixture;
import dev.assay.internal.acquisition.NoiseDiscount;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.engine.MaximiserPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;

/// To better one objective: the mean of the models' acquisition functions, conditioned on what is
/// known and on what is believed of pending points.
final class OneObjective implements Aim {
  /// More pending points than this are believed at their mean: joint draws would not pay.
  private static final int MOST_FANTASISED = 32;

  /// With more observations than this, a second factorisation would cost too much.
  private static final int LARGE = 1000;

  /// Noise variance of standardised outputs from which on the least of them is no measure.
  private static final double NOTICED = 1e-3;

  /// A model whose means differ by less than this share of the outputs' variance has no lead.
  private static final double EXPLAINED = 0.02;

  private final GpEngine engine;
  private final Box box;
  private final SurrogateSettings settings;
  private final KeptSession kept;

  OneObjective(GpEngine engine, Box box, SurrogateSettings settings, KeptSession kept) {
    this.engine = engine;
    this.box = box;
    this.settings = settings;
    this.kept = kept;
  }

  @Override
  public double[][] modelled(Known known) {
    return known.objectives();
  }

  /// Whatever an acquisition wants to know beside the objective has one model.
  @Override
  public SurrogateModels models(int output) {
    return new SurrogateModels(engine, box, output == 0 ? settings : settings.ofOneModel());
  }

  /// @param number of the proposal: every so often only models of the outputs as they are have a
  ///   say
  @Override
  public Suggestion suggest(
      FittedOutputs fitted, Known known, CandidateRule rule, int number, long seed) {
    int every = settings.plainEvery();
    boolean plain = every > 0 && number % every == every - 1;
    var all = fitted.objectives().getFirst();
    if (all.models().isEmpty()) {
      throw new NoSuchElementException("equal outputs say nothing");
    }
    var chosen = (plain ? all.plain() : all).within(settings.window());
    var plan = plan(known, chosen.getFirst(), seed);
    int fittedTo = fitted.fittedTo();
    var bounds = OutcomeBounds.of(fitted.constraints(), known.constraints());
    boolean feasible = IntStream.range(0, known.size()).anyMatch(known::isFeasible);
    if (settings.criterion() instanceof Criterion.Own own) {
      return suggest(own, fitted, known, chosen, bounds, feasible, plan, rule);
    }
    // Where nothing keeps the constraints and nothing is learned of them: as if there were none.
    if (known.constraints().length > 0 && (feasible || !bounds.isEmpty())) {
      return constrained(known, chosen, bounds, fittedTo, plan, rule);
    }
    boolean fantasise =
        known.pending().length > 0
            && known.pending().length <= MOST_FANTASISED * box.dimension()
            && known.size() <= LARGE
            && !settings.noisy()
            && settings.criterion() instanceof Criterion.LogEi;
    if (fantasise) {
      int q = known.pending().length / box.dimension();
      var improvement = Fantasies.condition(kept.open(), known, chosen, q, seed);
      var found = kept.session().maximise(improvement, plan, rule);
      return judged(known, found, improvement, Fantasies.repeated(chosen), chosen);
    }
    var best = best(known, chosen, kept.condition(known, chosen, fittedTo), false);
    if (best.explained() < EXPLAINED) {
      throw new NoSuchElementException("the models take all differences for noise");
    }
    var improvement = mixture(chosen, best.incumbents(), new Criterion.LogEi(), false);
    var criterion = settings.criterion();
    // What is to be multiplied by a preference is put as a logarithm.
    var judge =
        rule.preference() != null && criterion instanceof Criterion.Ei
            ? criterion.asFactor()
            : criterion;
    var found =
        criterion instanceof Criterion.Thompson
            ? ThompsonDraw.best(kept.session(), box, plan, rule)
            : kept.session()
                .maximise(mixture(chosen, best.incumbents(), judge, settings.noisy()), plan, rule);
    return judged(known, found, improvement, chosen, chosen);
  }

  /// @param improvement by which a point is expected to better the best, in each model's outputs
  /// @param conditioned the models of the session, in order
  private Suggestion judged(
      Known known,
      GpSession.Candidate found,
      AcquisitionFunction improvement,
      List<FittedModels.Weighted> conditioned,
      List<FittedModels.Weighted> chosen) {
    boolean crowded = Gains.isCrowded(box, known, found.point());
    double gain = Gains.value(kept.session(), improvement, conditioned, crowded, found.point());
    double total = chosen.stream().mapToDouble(FittedModels.Weighted::weight).sum();
    double scale = 0;
    for (var model : chosen) {
      scale += model.weight() / total * Math.log(spread(model.outputs()));
    }
    return new Suggestion(found.point(), gain - scale);
  }

  /// How far the median of the first outputs lies from the best of all; the mean, where most of
  /// them are the best.
  private double spread(double[] outputs) {
    double spread = 2 * Gains.halfSpread(outputs, box.dimension());
    return spread > 0 ? spread : -Arrays.stream(outputs).min().orElse(-1); // the mean is 0
  }

  private MaximiserPlan plan(Known known, FittedModels.Weighted model, long seed) {
    var plan = MaximiserPlan.of(bestFirst(known), seed).lookingAt(settings.candidates());
    if (settings.regionAfter() == 0) {
      return settings.local() ? anywhereFromTheBest(plan) : plan;
    }
    var roles = model.member().covariance().roles(box.dimension());
    var region =
        TrustRegion.of(
            known.points(),
            known.values(),
            settings.regionAfter(),
            roles,
            Arrays.copyOf(model.theta(), roles.size()));
    return plan.within(region.low(), region.high());
  }

  /// Bounds that are those of the box: candidates are drawn from the best point, as within others.
  private MaximiserPlan anywhereFromTheBest(MaximiserPlan plan) {
    var high = new double[box.dimension()];
    Arrays.fill(high, 1);
    return plan.within(new double[high.length], high);
  }

  /// What is to be bettered.
  ///
  /// @param incumbents of each model
  /// @param explained the share of the outputs' variance that the heaviest model's means have; 1
  ///   where that is not asked
  @SuppressWarnings("ArrayRecordComponent")
  private record Best(double[] incumbents, double explained) {}

  /// The least outputs that are known, or that the models, which are conditioned, believe of
  /// pending points. Under noise, of outputs or of the steps that they are rounded to, the least
  /// that a model expects at any of these points.
  ///
  /// @param believed means at the pending points, by model
  /// @param feasible whether only points count that keep the constraints
  private Best best(
      Known known, List<FittedModels.Weighted> chosen, double[][] believed, boolean feasible) {
    boolean rough = settings.noisy() || Steps.noise(known.values()) > 0;
    var incumbents = new double[chosen.size()];
    double explained = 1;
    for (int k = 0; k < incumbents.length; k++) {
      var model = chosen.get(k);
      var outputs = model.outputs();
      if (rough && model.noise() > NOTICED) {
        outputs = new double[known.size()];
        kept.session().predict(k, known.points(), outputs, new double[known.size()]);
        if (k == 0 && settings.noisy()) {
          explained = variance(outputs);
        }
      }
      double least = feasible ? Double.POSITIVE_INFINITY : least(believed[k]);
      for (int i = 0; i < known.size(); i++) {
        if (!feasible || known.isFeasible(i)) {
          least = Math.min(least, outputs[i]);
        }
      }
      incumbents[k] = least;
    }
    return new Best(incumbents, explained);
  }

  private static double least(double[] values) {
    return Arrays.stream(values).min().orElse(Double.POSITIVE_INFINITY);
  }

  private static double variance(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(0);
  }

  /// @param discounted whether what an observation tells is discounted for noise
  private static Mixture mixture(
      List<FittedModels.Weighted> chosen,
      double[] incumbents,
      Criterion criterion,
      boolean discounted) {
    double total = chosen.stream().mapToDouble(FittedModels.Weighted::weight).sum();
    var parts = new ArrayList<Mixture.Part>();
    for (int k = 0; k < chosen.size(); k++) {
      double weight = chosen.get(k).weight() / total;
      double noise = chosen.get(k).noise();
      parts.add(new Mixture.Part(weight, criterion.of(k, incumbents[k])));
      if (discounted && noise > NOTICED && criterion instanceof Criterion.LogEi) {
        parts.add(new Mixture.Part(weight, new NoiseDiscount(k, noise)));
      }
    }
    return new Mixture(parts);
  }

  /// What is expected of the best point that keeps the constraints, times the probability that they
  /// are kept; only that probability while no point keeps them. Each constraint has a model of its
  /// own.
  private Suggestion constrained(
      Known known,
      List<FittedModels.Weighted> chosen,
      OutcomeBounds bounds,
      int fittedTo,
      MaximiserPlan plan,
      CandidateRule rule) {
    var all = new ArrayList<>(chosen);
    all.addAll(bounds.models());
    var believed = kept.condition(known, all, fittedTo);
    var incumbents = best(known, chosen, believed, true).incumbents();
    if (Double.isInfinite(incumbents[0])) {
      var likely = bounds.constrain(null, chosen.size());
      var found = kept.session().maximise(likely, plan, rule);
      return new Suggestion(found.point(), found.value());
    }
    var improvement = mixture(chosen, incumbents, new Criterion.LogEi(), false);
    var function =
        bounds.constrain(
            mixture(chosen, incumbents, settings.criterion().asFactor(), settings.noisy()),
            chosen.size());
    var found = kept.session().maximise(function, plan, rule);
    return judged(known, found, improvement, all, chosen);
  }

  /// By somebody's acquisition, whatever that expects to gain.
  private Suggestion suggest(
      Criterion.Own own,
      FittedOutputs fitted,
      Known known,
      List<FittedModels.Weighted> chosen,
      OutcomeBounds bounds,
      boolean feasible,
      MaximiserPlan plan,
      CandidateRule rule) {
    var others = Surrogates.of(own.acquisition(), fitted, known, chosen.size());
    var all = new ArrayList<>(chosen);
    all.addAll(others.models());
    int first = all.size();
    all.addAll(bounds.models());
    var believed = kept.condition(known, all, fitted.fittedTo());
    boolean keeping = known.constraints().length > 0 && feasible;
    var incumbents = best(known, chosen, believed, keeping).incumbents();
    AcquisitionFunction function = others.mixture(own.acquisition(), chosen, incumbents);
    if (!bounds.isEmpty()) {
      function = bounds.constrain(feasible ? function : null, first);
    }
    var found = kept.session().maximise(function, plan.with(own.climb()), rule);
    return new Suggestion(found.point(), Double.POSITIVE_INFINITY);
  }

  /// The points by their values, those that keep the constraints first.
  private static double[] bestFirst(Known known) {
    return known.ordered(
        IntStream.range(0, known.size())
            .boxed()
            .sorted(
                Comparator.<Integer>comparingDouble(known::violation)
                    .thenComparingDouble(i -> known.values()[i]))
            .mapToInt(Integer::intValue));
  }
}
