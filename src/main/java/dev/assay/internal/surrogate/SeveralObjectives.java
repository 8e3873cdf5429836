package dev.assay.internal.surrogate;

import dev.assay.internal.acquisition.LogExpectedHypervolumeImprovement;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.MaximiserPlan;
import dev.assay.internal.pareto.Dominance;
import dev.assay.internal.pareto.ParetoCells;
import dev.assay.random.Philox;
import dev.assay.random.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// To better several objectives: two or three by log expected hypervolume improvement, each
/// objective under a model of its own; more by a random augmented Tchebycheff sum as one objective
/// (ParEGO, Knowles 2006). An objective whose outputs are all equal is none. Constraints on
/// outcomes count by the probability that they are kept.
final class SeveralObjectives implements Aim {
  /// The most objectives whose hypervolume improvement is known in closed form.
  private static final int MOST_OBJECTIVES = 3;

  /// The reference point lies this share of the range beyond the worst.
  private static final double MARGIN = 0.1;

  /// What lies beyond the quartiles by more than this share of their distance is an outlier.
  private static final double FENCE = 1.5;

  private static final double AUGMENTATION = 0.05;

  private final Box box;
  private final SurrogateSettings settings;
  private final SurrogateModels models;
  private final OneObjective scalar;
  private final KeptSession kept;

  /// @param settings of each objective's models, of which the heaviest is taken
  SeveralObjectives(GpEngine engine, Box box, SurrogateSettings settings, KeptSession kept) {
    this.box = box;
    this.settings = settings;
    this.kept = kept;
    models = new SurrogateModels(engine, box, settings);
    scalar = new OneObjective(engine, box, settings, kept);
  }

  /// Where objectives are summed up, each time otherwise, none has a model of its own.
  @Override
  public double[][] modelled(Known known) {
    return isScalarised(known) ? new double[0][] : known.objectives();
  }

  @Override
  public SurrogateModels models(int output) {
    return models;
  }

  private static boolean isScalarised(Known known) {
    return known.objectives().length > MOST_OBJECTIVES;
  }

  @Override
  public Suggestion suggest(
      FittedOutputs fitted, Known known, CandidateRule rule, int number, long seed) {
    if (isScalarised(known)) {
      return scalarised(fitted, known, rule, seed);
    }
    var varying = fitted.objectives().stream().filter(f -> !f.models().isEmpty()).toList();
    if (varying.size() == 1) {
      int k = fitted.objectives().indexOf(varying.getFirst());
      var outputs = new FittedOutputs(varying, fitted.constraints());
      var alone =
          new Known(
              known.points(),
              new double[][] {known.objectives()[k]},
              known.pending(),
              known.constraints());
      return scalar.suggest(outputs, alone, rule, number, seed);
    }
    var chosen = new ArrayList<FittedModels.Weighted>();
    varying.forEach(objective -> chosen.add(objective.models().getFirst()));
    int objectives = chosen.size();
    var bounds = OutcomeBounds.of(fitted.constraints(), known.constraints());
    chosen.addAll(bounds.models());
    var believed = kept.condition(known, chosen, fitted.fittedTo());
    var vectors = vectors(known, chosen.subList(0, objectives), believed, bounds);
    var plan = MaximiserPlan.of(frontFirst(known, seed), seed).lookingAt(settings.candidates());
    if (vectors.isEmpty()) { // nothing keeps the constraints: only feasibility counts
      var found = kept.session().maximise(bounds.constrain(null, objectives), plan, rule);
      return new Suggestion(found.point(), found.value());
    }
    var reference = reference(vectors, chosen.subList(0, objectives));
    var improvement = new LogExpectedHypervolumeImprovement(0, ParetoCells.of(vectors, reference));
    var function = bounds.constrain(improvement, objectives);
    var found = kept.session().maximise(function, plan, rule);
    boolean crowded = Gains.isCrowded(box, known, found.point());
    double gain = Gains.value(kept.session(), improvement, chosen, crowded, found.point());
    return new Suggestion(found.point(), gain - logVolume(vectors, reference));
  }

  /// Of the box between the reference point and what is best in every objective.
  private static double logVolume(List<double[]> vectors, double[] reference) {
    double log = 0;
    for (int k = 0; k < reference.length; k++) {
      int objective = k;
      double best = vectors.stream().mapToDouble(v -> v[objective]).min().orElseThrow();
      log += Math.log(reference[k] - best);
    }
    return log;
  }

  /// The objective vectors of the points that keep the constraints, and those that the models
  /// expect of pending points that they expect to keep them. Where nothing keeps the constraints
  /// and nothing is learned of them: as if there were none.
  private static List<double[]> vectors(
      Known known,
      List<FittedModels.Weighted> objectives,
      double[][] believed,
      OutcomeBounds bounds) {
    int m = objectives.size();
    var vectors = new ArrayList<double[]>();
    boolean all = bounds.isEmpty() && IntStream.range(0, known.size()).noneMatch(known::isFeasible);
    for (int i = 0; i < known.size(); i++) {
      if (all || known.isFeasible(i)) {
        int row = i;
        vectors.add(objectives.stream().mapToDouble(model -> model.outputs()[row]).toArray());
      }
    }
    for (int i = 0; i < believed[0].length; i++) {
      int pending = i;
      boolean keeps =
          IntStream.range(0, bounds.bounds().length)
              .allMatch(c -> believed[m + c][pending] <= bounds.bounds()[c]);
      if (keeps) {
        vectors.add(IntStream.range(0, m).mapToDouble(k -> believed[k][pending]).toArray());
      }
    }
    return vectors;
  }

  /// Beyond the worst of what was seen, outliers left out, as of the front. Of the front alone
  /// would not do: once a single point dominates all others, nothing away from it would count as an
  /// improvement, and the search would stay in that corner.
  private static double[] reference(
      List<double[]> vectors, List<FittedModels.Weighted> objectives) {
    var front = vectors.stream().filter(v -> isUndominated(v, vectors)).toList();
    var reference = new double[objectives.size()];
    for (int k = 0; k < reference.length; k++) {
      int objective = k;
      double low = front.stream().mapToDouble(v -> v[objective]).min().orElse(0);
      double high =
          front.stream()
              .mapToDouble(v -> v[objective])
              .reduce(worst(objectives.get(k).outputs()), Math::max);
      reference[k] = high + Math.max(MARGIN * (high - low), 1e-3);
    }
    return reference;
  }

  /// The largest value that is no outlier (Tukey 1977: beyond the upper quartile by more than 1.5
  /// times the quartiles' distance).
  private static double worst(double[] outputs) {
    var sorted = outputs.clone();
    Arrays.sort(sorted);
    double lower = sorted[sorted.length / 4];
    double upper = sorted[3 * sorted.length / 4];
    return Math.min(sorted[sorted.length - 1], upper + FENCE * (upper - lower));
  }

  private static boolean isUndominated(double[] v, List<double[]> all) {
    return all.stream().noneMatch(other -> Dominance.dominates(other, v));
  }

  /// The known points: first those of the front that keep the constraints, shuffled so that none of
  /// its ends is searched more than the others; then the others by how far they break them.
  private static double[] frontFirst(Known known, long seed) {
    int n = known.size();
    var vectors =
        IntStream.range(0, n)
            .mapToObj(i -> Arrays.stream(known.objectives()).mapToDouble(y -> y[i]).toArray())
            .toList();
    var keeping = IntStream.range(0, n).filter(known::isFeasible).mapToObj(vectors::get).toList();
    var ranks = new double[n];
    for (int i = 0; i < n; i++) {
      boolean front = known.isFeasible(i) && isUndominated(vectors.get(i), keeping);
      ranks[i] = front ? -1 : known.violation(i);
    }
    var order = new ArrayList<>(IntStream.range(0, n).boxed().toList());
    Collections.shuffle(order, new Philox(seed, Purpose.PROPOSAL.ordinal()));
    order.sort(Comparator.comparingDouble(i -> ranks[i]));
    return known.ordered(order.stream().mapToInt(Integer::intValue));
  }

  private Suggestion scalarised(FittedOutputs fitted, Known known, CandidateRule rule, long seed) {
    var sum =
        new Known(
            known.points(),
            new double[][] {scalarised(known.objectives(), seed)},
            known.pending(),
            known.constraints());
    var objective = models.fit(known.points(), sum.values(), SurrogateMemory.NONE, seed);
    return scalar.suggest(
        new FittedOutputs(List.of(objective), fitted.constraints()), sum, rule, 0, seed);
  }

  private static double[] scalarised(double[][] values, long seed) {
    var random = new Philox(seed, Purpose.PROPOSAL.ordinal());
    int n = values[0].length;
    var weights = new double[values.length];
    for (int k = 0; k < weights.length; k++) {
      weights[k] = -Math.log1p(-random.nextDouble()); // normalised: uniform on the simplex
    }
    double total = Arrays.stream(weights).sum();
    var scalar = new double[n];
    for (int i = 0; i < n; i++) {
      double largest = Double.NEGATIVE_INFINITY;
      double sum = 0;
      for (int k = 0; k < weights.length; k++) {
        double low = Arrays.stream(values[k]).min().orElse(0);
        double half = Arrays.stream(values[k]).max().orElse(0) / 2 - low / 2;
        double unit = half > 0 ? (values[k][i] / 2 - low / 2) / half : 0;
        largest = Math.max(largest, weights[k] / total * unit);
        sum += weights[k] / total * unit;
      }
      scalar[i] = largest + AUGMENTATION * sum;
    }
    return scalar;
  }
}
