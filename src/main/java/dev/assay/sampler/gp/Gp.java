package dev.assay.sampler.gp;

import dev.assay.acquisition.Acquisition;
import dev.assay.acquisition.Climb;
import dev.assay.acquisition.Surrogate;
import dev.assay.gp.Model;
import dev.assay.gp.ParameterRole;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.Coordinate;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.gp.PriorFamily;
import dev.assay.internal.problem.Require;
import dev.assay.internal.sampler.gp.GpSampler;
import dev.assay.internal.sampler.gp.GpSearch;
import dev.assay.internal.sampler.gp.GpStrategy;
import dev.assay.internal.sampler.gp.OnEngine;
import dev.assay.internal.sampler.gp.Recommendations;
import dev.assay.internal.sampler.gp.Repetitions.Verdict;
import dev.assay.internal.surrogate.Criterion;
import dev.assay.internal.surrogate.SurrogateSettings;
import dev.assay.problem.Problem;
import dev.assay.trial.History;
import dev.assay.trial.Objective;
import dev.assay.trial.Recommendation;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Bayesian optimisation of one objective, put together from parts that may be anybody's:
///
/// ```java
/// var gp = Gp.models(Model.of(new MyKernel()).noise(Noise.learned()))
///     .judgedBy(new CostAwareEi(Surrogate.logarithmOf("seconds")))
///     .searchedBy(Climb.standard());
/// ```
///
/// All else is as with the sampler gp: what the box is, initial points, conditions and constraints,
/// trials under way (believed at their mean), refits, and notes from which a continued study goes
/// on. It explores nowhere of itself, and repeats no trial: the acquisition decides. Parts that
/// devices have no program for are computed on the processor, which is logged once.
///
/// @param models averaged by their posterior densities where there are several
/// @param acquisition null: log expected improvement
/// @param climb how its maximum is looked for
/// @param start trials before the first model; 0: as the sampler gp
/// @param engine what computes
public record Gp(
    List<Model> models, @Nullable Acquisition acquisition, Climb climb, int start, GpEngine engine)
    implements Sampler, OnEngine, GpStrategy {
  private static final String NAME = "gp_parts";
  private static final String SECONDS = "seconds";

  public Gp {
    models = List.copyOf(models);
    Require.atLeast(NAME, "models", models.size(), 1);
    Require.inRange(NAME, "start", start, 0, Integer.MAX_VALUE);
  }

  /// Of one or several models.
  public static Gp models(Model... models) {
    return new Gp(List.of(models), null, Climb.standard(), 0, GpEngine.standard());
  }

  /// The same with another acquisition.
  public Gp judgedBy(Acquisition other) {
    return new Gp(models, other, climb, start, engine);
  }

  /// The same with another search for the acquisition's maximum.
  public Gp searchedBy(Climb other) {
    return new Gp(models, acquisition, other, start, engine);
  }

  /// The same with so many trials before the first model.
  public Gp startingWith(int trials) {
    return new Gp(models, acquisition, climb, trials, engine);
  }

  @Override
  public Gp on(GpEngine other) {
    return new Gp(models, acquisition, climb, start, other);
  }

  @Override
  public String name() {
    return NAME;
  }

  /// The parts by their text where they are records, by their class otherwise.
  @Override
  public Map<String, @Nullable Object> settings() {
    var settings = new LinkedHashMap<String, @Nullable Object>();
    settings.put("models", models.stream().map(Gp::text).toList());
    settings.put("acquisition", acquisition == null ? "logei" : text(acquisition));
    settings.put("climb", text(climb));
    settings.put("start", start);
    return settings;
  }

  private static String text(Model model) {
    var beliefs = new ArrayList<String>();
    for (var role : ParameterRole.values()) {
      var belief = model.beliefs().get(role);
      if (belief != null) {
        beliefs.add(
            role
                + " "
                + text(belief.prior())
                + " in ["
                + belief.low()
                + ", "
                + belief.high()
                + "]");
      }
    }
    return text(model.covariance()) + " on " + text(model.warp()) + " " + beliefs;
  }

  /// The text of a record says all of it; that of other classes may say where it lies in memory,
  /// and the name of a lambda's class is another one in every run.
  private static String text(Object part) {
    var type = part.getClass();
    return part instanceof Record
        ? part.toString()
        : type.isHidden() || type.isSynthetic() ? "lambda" : type.getName();
  }

  @Override
  public Proposer open(SearchTask task) {
    if (task.objectives().size() > 1) {
      throw new Problem(
          "Parts put together search one objective.",
          task.objectives().size() + " objectives (sampler " + NAME + ")",
          "Keep one and bound the others (subjectTo), or use the sampler gp.");
    }
    if (!task.constraints().isEmpty() && !weighsProbabilities()) {
      throw new Problem(
          "The acquisition cannot be weighed with the probability that constraints are kept.",
          text(java.util.Objects.requireNonNull(acquisition)) + " (sampler " + NAME + ")",
          "Give it in logarithms and say so (isLogarithm), or leave out the constraints.");
    }
    return new GpSearch(this, task);
  }

  @Override
  public @Nullable Recommendation recommended(
      List<TrialRecord> trials, List<Objective> objectives) {
    return Recommendations.of(trials, objectives);
  }

  @Override
  public int firstModel(Box box, int objectives) {
    return start > 0 ? start : new GpSampler().firstModel(box, objectives);
  }

  @Override
  public SurrogateSettings surrogates(SearchTask task, Box box, boolean expectsNoise) {
    var members = new ArrayList<SurrogateSettings.Member>();
    for (int i = 0; i < models.size(); i++) {
      var model = models.get(i);
      members.add(
          new SurrogateSettings.Member(
              "model" + (i + 1), model.covariance(), model.warp(), model.beliefs()));
    }
    boolean categories = box.coordinates().stream().anyMatch(c -> c instanceof Coordinate.Category);
    var own = acquisition;
    return SurrogateSettings.of(members)
        .judgedBy(own == null ? new Criterion.LogEi() : new Criterion.Own(own, climb))
        .believing(
            categories ? PriorFamily.OPTUNA : PriorFamily.DIMENSION_SCALED, OptionalDouble.empty())
        .lookingAt(climb.candidates())
        .everyModelAlways();
  }

  @Override
  public boolean weighsProbabilities() {
    return acquisition == null || acquisition.isLogarithm();
  }

  @Override
  public Verdict knownNoise() {
    return Verdict.EXACT;
  }

  @Override
  public double[][] outputs(History history, double[][] losses) {
    if (acquisition == null || acquisition.surrogates().isEmpty()) {
      return losses;
    }
    var all = new ArrayList<>(Arrays.asList(losses));
    for (var surrogate : acquisition.surrogates()) {
      all.add(outputs(history, surrogate));
    }
    return all.toArray(double[][]::new);
  }

  private static double[] outputs(History history, Surrogate surrogate) {
    var values =
        history.finished().stream().mapToDouble(trial -> value(trial, surrogate)).toArray();
    var known = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    double median = known.length == 0 ? 0 : known[known.length / 2];
    return Arrays.stream(values).map(v -> Double.isFinite(v) ? v : median).toArray();
  }

  /// NaN where the trial does not have it.
  private static double value(TrialRecord trial, Surrogate surrogate) {
    if (trial.values().isEmpty()) {
      return Double.NaN;
    }
    double value =
        trial.attributes().get(surrogate.metric()) instanceof Number number
            ? number.doubleValue()
            : reported(trial, surrogate.metric());
    return surrogate.logarithm() ? Math.log(value) : value; // of what is not positive: not finite
  }

  private static double reported(TrialRecord trial, String metric) {
    if (trial.attributes().get(TrialRecord.METRICS) instanceof Map<?, ?> reported
        && reported.get(metric) instanceof Number number) {
      return number.doubleValue();
    }
    return metric.equals(SECONDS) ? trial.seconds() : Double.NaN;
  }
}
