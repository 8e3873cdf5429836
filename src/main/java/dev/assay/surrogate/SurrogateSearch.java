package dev.assay.surrogate;

import dev.assay.acquisition.AcquisitionFunction;
import dev.assay.acquisition.BatchLogExpectedImprovement;
import dev.assay.acquisition.LogExpectedImprovement;
import dev.assay.acquisition.Mixture;
import dev.assay.acquisition.NoiseDiscount;
import dev.assay.engine.Box;
import dev.assay.engine.CandidateRule;
import dev.assay.engine.Candidates;
import dev.assay.engine.GpEngine;
import dev.assay.engine.GpSession;
import dev.assay.engine.MaximiserPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Proposes the next point of one objective: fits models, conditions them on what is known and on
/// what is believed of pending points, and maximises the mean of their acquisition functions.
public final class SurrogateSearch implements OutputSearch {
  /// Fantasies of the pending points' outputs, shared out among the models.
  private static final int FANTASIES = 16;

  private static final int FEWEST = 4;

  /// More pending points than this are believed at their mean: joint draws would not pay.
  private static final int MOST_FANTASISED = 32;

  /// With more observations than this, a second factorisation would cost too much.
  private static final int LARGE = 1000;

  private static final int THOMPSON_CANDIDATES = 640;

  /// Noise variance of standardised outputs from which on the least of them is no measure.
  private static final double NOTICED = 1e-3;

  /// A model whose means differ by less than this share of the outputs' variance has no lead.
  private static final double EXPLAINED = 0.02;

  private final GpEngine engine;
  private final Box box;
  private final SurrogateSettings settings;
  private final SurrogateModels models;
  private final KeptSession kept;

  public SurrogateSearch(GpEngine engine, Box box, SurrogateSettings settings) {
    this.engine = engine;
    this.box = box;
    this.settings = settings;
    this.models = new SurrogateModels(engine, box, settings);
    this.kept = new KeptSession(engine, box);
  }

  @Override
  public FittedOutputs fit(Known known, List<SurrogateMemory> memories, long seed) {
    var outputs = new ArrayList<FittedModels>();
    outputs.add(
        models.fit(known.points(), known.values(), FittedOutputs.memory(memories, 0), seed));
    int count =
        known.objectives().length; // beside the objective: what an acquisition wants to know
    for (int j = 1; j < count; j++) {
      outputs.add(
          new SurrogateModels(engine, box, settings.ofOneModel())
              .fit(known.points(), known.objectives()[j], FittedOutputs.memory(memories, j), seed));
    }
    return new FittedOutputs(
        outputs,
        OutcomeBounds.fit(
            engine, box, known.points(), known.constraints(), memories, count, settings, seed));
  }

  /// What values are expected at the known points, in their own units.
  ///
  /// @param deviations standard deviations of those expectations, noise left out
  @SuppressWarnings("ArrayRecordComponent")
  public record Expected(double[] means, double[] deviations) {}

  /// What the heaviest model of outputs as they are expects.
  ///
  /// @param fitted to the same outputs, which are not all equal
  public Expected expect(FittedOutputs fitted, Known known) {
    var model = fitted.objectives().getFirst().plain().models().getFirst();
    kept.condition(known, List.of(model), fitted.fittedTo());
    int n = known.size();
    var means = new double[n];
    var variances = new double[n];
    kept.session().predict(0, known.points(), means, variances);
    var order = SurrogateModels.order(known.values());
    int low = order[0];
    int high = order[n - 1];
    double unit =
        (known.values()[high] - known.values()[low])
            / (model.outputs()[high] - model.outputs()[low]);
    for (int i = 0; i < n; i++) {
      means[i] = known.values()[low] + unit * (means[i] - model.outputs()[low]);
      variances[i] = unit * Math.sqrt(Math.max(0, variances[i]));
    }
    return new Expected(means, variances);
  }

  /// Whether the objective's outputs look noisy, judged anew where that is due.
  ///
  /// @param fitted to the same outputs, which are not all equal
  /// @param memory of the last judgement
  /// @return null where it is not due, or there are so many observations that models of what is
  ///   left would not pay
  public NoiseHypothesis.@Nullable Belief judgeNoise(
      FittedOutputs fitted, Known known, SurrogateMemory memory, long seed) {
    int n = known.size();
    var objective = fitted.objectives().getFirst();
    if (n > settings.averageLimit()
        || objective.models().isEmpty()
        || !NoiseHypothesis.isDue(n, memory)) {
      return null;
    }
    return new NoiseHypothesis(engine, box, settings)
        .judge(known.points(), known.values(), objective, memory, seed);
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
      var improvement = fantasise(kept.open(), known, chosen, seed);
      var found = kept.session().maximise(improvement, plan, rule);
      return judged(known, found, improvement, repeated(chosen, draws(chosen)), chosen);
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
            ? thompson(kept.session(), plan, rule)
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
      return plan;
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
    var found = kept.session().maximise(function, own.climb().of(plan), rule);
    return new Suggestion(found.point(), Double.POSITIVE_INFINITY);
  }

  private static int draws(List<FittedModels.Weighted> chosen) {
    return Math.max(FEWEST, FANTASIES / chosen.size());
  }

  private static List<FittedModels.Weighted> repeated(
      List<FittedModels.Weighted> models, int times) {
    return models.stream().flatMap(model -> Collections.nCopies(times, model).stream()).toList();
  }

  /// Conditions each model on several joint draws of the pending outputs (qLogEI by fantasies): one
  /// model's draws share its factor.
  private AcquisitionFunction fantasise(
      GpSession session, Known known, List<FittedModels.Weighted> chosen, long seed) {
    int n = known.values().length;
    int q = known.pending().length / box.dimension();
    int draws = draws(chosen);
    var fantasies = fantasies(session, known, chosen, draws, seed);
    var outputs = new double[chosen.size() * draws][];
    var models = new ArrayList<GpSession.Model>();
    var parts = new ArrayList<Mixture.Part>();
    double total = chosen.stream().mapToDouble(FittedModels.Weighted::weight).sum();
    for (int k = 0; k < chosen.size(); k++) {
      var model = chosen.get(k);
      var improvements = new ArrayList<LogExpectedImprovement>();
      for (int f = 0; f < draws; f++) {
        int column = k * draws + f;
        var output = Arrays.copyOf(model.outputs(), n + q);
        System.arraycopy(fantasies[k], f * q, output, n, q);
        outputs[column] = output;
        models.add(new GpSession.Model(model.member().covariance(), model.theta(), column));
        double incumbent = Arrays.stream(output).min().orElse(0);
        improvements.add(new LogExpectedImprovement(column, incumbent));
      }
      parts.add(
          new Mixture.Part(model.weight() / total, new BatchLogExpectedImprovement(improvements)));
    }
    var points = Arrays.copyOf(known.points(), known.points().length + known.pending().length);
    System.arraycopy(known.pending(), 0, points, known.points().length, known.pending().length);
    session.observe(points, outputs);
    session.condition(models);
    return new Mixture(parts);
  }

  /// For each model, joint draws of the pending outputs: draws × q.
  private static double[][] fantasies(
      GpSession session, Known known, List<FittedModels.Weighted> chosen, int draws, long seed) {
    var models = new ArrayList<GpSession.Model>();
    for (int k = 0; k < chosen.size(); k++) {
      models.add(
          new GpSession.Model(chosen.get(k).member().covariance(), chosen.get(k).theta(), k));
    }
    session.observe(
        known.points(),
        chosen.stream().map(FittedModels.Weighted::outputs).toArray(double[][]::new));
    session.condition(models);
    var fantasies = new double[chosen.size()][];
    for (int k = 0; k < fantasies.length; k++) {
      fantasies[k] = session.sample(k, known.pending(), draws, seed);
    }
    return fantasies;
  }

  private GpSession.Candidate thompson(GpSession session, MaximiserPlan plan, CandidateRule rule) {
    // Joint draws are of some hundred points: more Sobol points would crowd out the local ones.
    var candidates = new Candidates(box, plan.lookingAt(MaximiserPlan.SOBOL), rule).draw();
    if (candidates.isEmpty()) {
      throw new NoSuchElementException("no acceptable candidate");
    }
    int count = Math.min(candidates.size(), THOMPSON_CANDIDATES);
    int d = box.dimension();
    var points = new double[count * d];
    for (int i = 0; i < count; i++) { // evenly: Sobol points stand first, local ones after them
      int from = (int) ((long) i * candidates.size() / count);
      System.arraycopy(candidates.get(from), 0, points, i * d, d);
    }
    var path = session.sample(0, points, 1, plan.seed());
    Arrays.setAll(path, i -> -path[i]);
    var preference = rule.preference();
    if (preference != null) {
      preference.addTo(points, path, null);
    }
    int best = 0;
    for (int i = 1; i < count; i++) {
      best = path[i] > path[best] ? i : best;
    }
    return new GpSession.Candidate(
        Arrays.copyOfRange(points, best * d, (best + 1) * d), path[best]);
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

  @Override
  public double[] logFeasibility(FittedOutputs fitted, Known known, double[] points) {
    return OutcomeBounds.logFeasibility(kept, fitted, known, points);
  }

  @Override
  public void close() {
    kept.close();
  }
}
