package dev.assay.engine;

import dev.assay.acquisition.AcquisitionFunction;
import dev.assay.acquisition.BatchLogExpectedImprovement;
import dev.assay.acquisition.LogExpectedImprovement;
import dev.assay.acquisition.Mixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;

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
    return new FittedOutputs(
        List.of(
            models.fit(known.points(), known.values(), FittedOutputs.memory(memories, 0), seed)),
        OutcomeBounds.fit(engine, box, known.points(), known.constraints(), memories, 1, seed));
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
    // Where nothing keeps the constraints and nothing is learned of them: as if there were none.
    if (known.constraints().length > 0 && (feasible || !bounds.isEmpty())) {
      return constrained(known, chosen, bounds, fittedTo, plan, rule);
    }
    boolean fantasise =
        known.pending().length > 0
            && known.pending().length <= MOST_FANTASISED * box.dimension()
            && known.size() <= LARGE
            && settings.criterion() instanceof Criterion.LogEi;
    if (fantasise) {
      var improvement = fantasise(kept.open(), known, chosen, seed);
      var found = kept.session().maximise(improvement, plan, rule);
      return judged(known, found, improvement, repeated(chosen, draws(chosen)), chosen);
    }
    var incumbents = believe(known, chosen, fittedTo);
    var improvement = mixture(chosen, incumbents, new Criterion.LogEi());
    var found =
        settings.criterion() instanceof Criterion.Thompson
            ? thompson(kept.session(), plan, rule)
            : kept.session()
                .maximise(mixture(chosen, incumbents, settings.criterion()), plan, rule);
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

  /// How far the median lies from the best; the mean, where half of the outputs are the best.
  private static double spread(double[] outputs) {
    var sorted = outputs.clone();
    Arrays.sort(sorted);
    double spread = sorted[sorted.length / 2] - sorted[0];
    return spread > 0 ? spread : -sorted[0]; // standardised: the mean is 0
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

  /// Conditions the models, pending points taken at each model's own mean.
  ///
  /// @return for each model the least output that is known or so believed
  private double[] believe(Known known, List<FittedModels.Weighted> chosen, int fittedTo) {
    var believed = kept.condition(known, chosen, fittedTo);
    var incumbents = new double[chosen.size()];
    for (int k = 0; k < incumbents.length; k++) {
      double observed = Arrays.stream(chosen.get(k).outputs()).min().orElse(0);
      incumbents[k] = Math.min(observed, Arrays.stream(believed[k]).min().orElse(observed));
    }
    return incumbents;
  }

  private static Mixture mixture(
      List<FittedModels.Weighted> chosen, double[] incumbents, Criterion criterion) {
    double total = chosen.stream().mapToDouble(FittedModels.Weighted::weight).sum();
    var parts = new ArrayList<Mixture.Part>();
    for (int k = 0; k < chosen.size(); k++) {
      var function = criterion.of(k, incumbents[k]);
      parts.add(new Mixture.Part(chosen.get(k).weight() / total, function));
    }
    return new Mixture(parts);
  }

  /// Log expected improvement on the best point that keeps the constraints, times the probability
  /// that they are kept; only that probability while no point keeps them. Each constraint has a
  /// model of its own.
  private Suggestion constrained(
      Known known,
      List<FittedModels.Weighted> chosen,
      OutcomeBounds bounds,
      int fittedTo,
      MaximiserPlan plan,
      CandidateRule rule) {
    var all = new ArrayList<>(chosen);
    all.addAll(bounds.models());
    kept.condition(known, all, fittedTo);
    var incumbents = new double[chosen.size()];
    Arrays.fill(incumbents, Double.POSITIVE_INFINITY);
    for (int i = 0; i < known.size(); i++) {
      for (int k = 0; k < incumbents.length && known.isFeasible(i); k++) {
        incumbents[k] = Math.min(incumbents[k], chosen.get(k).outputs()[i]);
      }
    }
    if (Double.isInfinite(incumbents[0])) {
      var likely = bounds.constrain(null, chosen.size());
      var found = kept.session().maximise(likely, plan, rule);
      return new Suggestion(found.point(), found.value());
    }
    var improvement = mixture(chosen, incumbents, new Criterion.LogEi());
    var function = bounds.constrain(improvement, chosen.size());
    return judged(known, kept.session().maximise(function, plan, rule), improvement, all, chosen);
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
    int best = 0;
    for (int i = 1; i < count; i++) {
      best = path[i] < path[best] ? i : best;
    }
    return new GpSession.Candidate(
        Arrays.copyOfRange(points, best * d, (best + 1) * d), -path[best]);
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
