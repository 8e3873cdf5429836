package dev.assay.internal.surrogate;

import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.GpEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// A search over everything that trials bring: fits models of objectives and of constraints on
/// outcomes, conditions them on what is known and believed, and looks for the point from which most
/// is expected. Not thread-safe; what is kept between calls saves work and changes nothing.
public final class SurrogateSearch implements AutoCloseable {
  private final GpEngine engine;
  private final Box box;
  private final SurrogateSettings settings;
  private final KeptSession kept;
  private final Aim aim;

  /// Of one objective; further ones are what its acquisition wants to know beside.
  public SurrogateSearch(GpEngine engine, Box box, SurrogateSettings settings) {
    this(engine, box, settings, false);
  }

  private SurrogateSearch(GpEngine engine, Box box, SurrogateSettings settings, boolean several) {
    this.engine = engine;
    this.box = box;
    this.settings = settings;
    kept = new KeptSession(engine, box);
    aim =
        several
            ? new SeveralObjectives(engine, box, settings, kept)
            : new OneObjective(engine, box, settings, kept);
  }

  /// Of several objectives, whatever their number.
  ///
  /// @param settings of each objective's models, of which the heaviest is taken
  public static SurrogateSearch ofSeveral(GpEngine engine, Box box, SurrogateSettings settings) {
    return new SurrogateSearch(engine, box, settings, true);
  }

  /// Fits all models, from where the memories left off: the objectives', then the constraints'.
  public FittedOutputs fit(Known known, List<SurrogateMemory> memories, long seed) {
    var outputs = new ArrayList<FittedModels>();
    for (var values : aim.modelled(known)) {
      int at = outputs.size();
      var memory = FittedOutputs.memory(memories, at);
      outputs.add(aim.models(at).fit(known.points(), values, memory, seed));
    }
    int at = outputs.size();
    return new FittedOutputs(
        outputs,
        OutcomeBounds.fit(
            engine, box, known.points(), known.constraints(), memories, at, settings, seed));
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

  /// @param fitted to the same points and outputs, of which not all objectives are constant
  /// @param number of the proposal: what is done every so often goes by it
  /// @param seed of all that is drawn
  /// @throws NoSuchElementException if the rule accepted no candidate, or the models say nothing
  public Suggestion suggest(
      FittedOutputs fitted, Known known, CandidateRule rule, int number, long seed) {
    return aim.suggest(fitted, known, rule, number, seed);
  }

  /// How likely points keep the constraints, by what is known of them.
  ///
  /// @param points m × d
  /// @return m logarithms of probabilities; 0 where nothing is known
  public double[] logFeasibility(FittedOutputs fitted, Known known, double[] points) {
    return OutcomeBounds.logFeasibility(kept, fitted, known, points);
  }

  @Override
  public void close() {
    kept.close();
  }
}
