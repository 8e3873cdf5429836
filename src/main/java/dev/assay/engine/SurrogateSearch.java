package dev.assay.engine;

import dev.assay.acquisition.AcquisitionFunction;
import dev.assay.acquisition.BatchLogExpectedImprovement;
import dev.assay.acquisition.ConstrainedLogExpectedImprovement;
import dev.assay.acquisition.LogExpectedImprovement;
import dev.assay.acquisition.Mixture;
import dev.assay.acquisition.ProbabilityOfImprovement;
import dev.assay.gp.CovarianceFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;

/// Proposes the next point of one objective: fits models, conditions them on what is known and on
/// what is believed of pending points, and maximises the mean of their acquisition functions.
public final class SurrogateSearch {
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

  public SurrogateSearch(GpEngine engine, Box box, SurrogateSettings settings) {
    this.engine = engine;
    this.box = box;
    this.settings = settings;
    this.models = new SurrogateModels(engine, box, settings);
  }

  /// @param points n × d, n at least 1
  /// @param values n finite outputs, to be minimised
  /// @param pending q × d: points whose outputs are not known yet
  /// @param constraints for each constraint n finite values, 0 or less where it is kept
  @SuppressWarnings("ArrayRecordComponent")
  public record Known(double[] points, double[] values, double[] pending, double[][] constraints) {
    /// Without constraints on outcomes.
    public Known(double[] points, double[] values, double[] pending) {
      this(points, values, pending, new double[0][]);
    }

    /// The sum of what exceeds the constraints.
    double violation(int i) {
      double sum = 0;
      for (var constraint : constraints) {
        sum += Math.max(0, constraint[i]);
      }
      return sum;
    }
  }

  /// Fits the models, from where the memory left off.
  public FittedModels fit(Known known, SurrogateMemory memory, long seed) {
    return models.fit(known.points(), known.values(), memory, seed);
  }

  /// @param fitted to the same points and values
  /// @param number of the proposal: every so often only models of the outputs as they are have a
  ///   say
  /// @param seed of all that is drawn
  /// @throws NoSuchElementException if the rule accepted no candidate
  public GpSession.Candidate suggest(
      FittedModels fitted, Known known, CandidateRule rule, int number, long seed) {
    int every = settings.plainEvery();
    boolean plain = every > 0 && number % every == every - 1;
    var chosen = (plain ? fitted.plain() : fitted).within(settings.window());
    var plan = plan(known, chosen.getFirst(), seed);
    try (var session = engine.open(box)) {
      if (known.constraints().length > 0) {
        return session.maximise(constrained(session, known, chosen, seed), plan, rule);
      }
      if (settings.criterion() instanceof Criterion.Thompson) {
        believe(session, known, chosen);
        return thompson(session, plan, rule);
      }
      boolean fantasise =
          known.pending().length > 0
              && known.pending().length <= MOST_FANTASISED * box.dimension()
              && known.values().length <= LARGE
              && settings.criterion() instanceof Criterion.LogEi;
      var function =
          fantasise ? fantasise(session, known, chosen, seed) : believe(session, known, chosen);
      return session.maximise(function, plan, rule);
    }
  }

  private MaximiserPlan plan(Known known, FittedModels.Weighted model, long seed) {
    var plan = MaximiserPlan.of(bestFirst(known), seed);
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

  /// The models' acquisition, pending points taken at each model's own mean.
  private AcquisitionFunction believe(
      GpSession session, Known known, List<FittedModels.Weighted> chosen) {
    var believed = condition(session, known, chosen);
    var incumbents = new double[chosen.size()];
    for (int k = 0; k < incumbents.length; k++) {
      double observed = Arrays.stream(chosen.get(k).outputs()).min().orElse(0);
      incumbents[k] = Math.min(observed, Arrays.stream(believed[k]).min().orElse(observed));
    }
    return mixture(chosen, incumbents, settings.criterion());
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

  /// Conditions models on what is known and, at each model's own mean, on the pending points
  /// (Ginsbourger, Le Riche and Carraro 2010, "kriging believer").
  ///
  /// @return those means, by model and pending point
  private double[][] condition(GpSession session, Known known, List<FittedModels.Weighted> chosen) {
    int count = chosen.size();
    var list = new ArrayList<GpSession.Model>();
    for (int k = 0; k < count; k++) {
      list.add(new GpSession.Model(chosen.get(k).member().covariance(), chosen.get(k).theta(), k));
    }
    session.observe(
        known.points(),
        chosen.stream().map(FittedModels.Weighted::outputs).toArray(double[][]::new));
    session.condition(list);
    int d = box.dimension();
    int q = d == 0 ? 0 : known.pending().length / d;
    var believed = new double[count][q];
    var mean = new double[1];
    for (int i = 0; i < q; i++) {
      var point = Arrays.copyOfRange(known.pending(), i * d, (i + 1) * d);
      var values = new double[count];
      for (int k = 0; k < count; k++) {
        session.predict(k, point, mean, new double[1]);
        values[k] = mean[0];
        believed[k][i] = mean[0];
      }
      session.append(point, values);
    }
    return believed;
  }

  /// Log expected improvement on the best point that keeps the constraints, times the probability
  /// that they are kept; only that probability while no point keeps them. Each constraint has a
  /// model of its own.
  private AcquisitionFunction constrained(
      GpSession session, Known known, List<FittedModels.Weighted> chosen, long seed) {
    var all = new ArrayList<>(chosen);
    var bounds = new ArrayList<ProbabilityOfImprovement>();
    var single = SurrogateSettings.single(CovarianceFunction.product());
    for (var constraint : known.constraints()) {
      int low = SurrogateModels.order(constraint)[0];
      int high = SurrogateModels.order(constraint)[constraint.length - 1];
      if (constraint[high] - constraint[low] > 0) { // a constant one says nothing of where to look
        var model =
            new SurrogateModels(engine, box, single)
                .fit(known.points(), constraint, SurrogateMemory.NONE, seed)
                .models()
                .getFirst();
        double unit =
            (model.outputs()[high] - model.outputs()[low]) / (constraint[high] - constraint[low]);
        double bound = model.outputs()[low] - unit * constraint[low]; // where the constraint is 0
        bounds.add(new ProbabilityOfImprovement(all.size(), bound, true));
        all.add(model);
      }
    }
    condition(session, known, all);
    var incumbents = new double[chosen.size()];
    Arrays.fill(incumbents, Double.POSITIVE_INFINITY);
    for (int i = 0; i < known.values().length; i++) {
      for (int k = 0; k < incumbents.length && known.violation(i) == 0; k++) {
        incumbents[k] = Math.min(incumbents[k], chosen.get(k).outputs()[i]);
      }
    }
    boolean feasible = Double.isFinite(incumbents[0]);
    if (!feasible && bounds.isEmpty()) { // nothing to go by: as if there were no constraints
      return mixture(chosen, new double[incumbents.length], new Criterion.LogEi());
    }
    return new ConstrainedLogExpectedImprovement(
        feasible ? mixture(chosen, incumbents, new Criterion.LogEi()) : null, bounds);
  }

  /// Conditions each model on several joint draws of the pending outputs (qLogEI by fantasies): one
  /// model's draws share its factor.
  private AcquisitionFunction fantasise(
      GpSession session, Known known, List<FittedModels.Weighted> chosen, long seed) {
    int n = known.values().length;
    int q = known.pending().length / box.dimension();
    int draws = Math.max(FEWEST, FANTASIES / chosen.size());
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
    var candidates = new Candidates(box, plan, rule).draw();
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
  private double[] bestFirst(Known known) {
    int d = box.dimension();
    var order =
        IntStream.range(0, known.values().length)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingDouble(known::violation)
                    .thenComparingDouble(i -> known.values()[i]))
            .toList();
    var sorted = new double[order.size() * d];
    for (int i = 0; i < order.size(); i++) {
      System.arraycopy(known.points(), order.get(i) * d, sorted, i * d, d);
    }
    return sorted;
  }
}
