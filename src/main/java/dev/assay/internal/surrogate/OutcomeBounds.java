package dev.assay.internal.surrogate;

import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.acquisition.ConstrainedLogExpectedImprovement;
import dev.assay.internal.acquisition.ProbabilityOfImprovement;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.GpEngine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is believed of the constraints on outcomes: each has a model of its own, and a bound that
/// its standardised output must stay below.
///
/// @param models of the constraints that say anything; a constant one does not
/// @param bounds for each of them
@SuppressWarnings("ArrayRecordComponent")
record OutcomeBounds(List<FittedModels.Weighted> models, double[] bounds) {
  /// @param constraints for each constraint n values, 0 or less where it is kept
  /// @param memories what to go on from, the constraints' from index `at` on
  /// @param settings of the objectives
  /// @return for each constraint its models
  static List<FittedModels> fit(
      GpEngine engine,
      Box box,
      double[] points,
      double[][] constraints,
      List<SurrogateMemory> memories,
      int at,
      SurrogateSettings settings,
      long seed) {
    var fits = new SurrogateModels(engine, box, settings.ofOneModel());
    var fitted = new ArrayList<FittedModels>();
    for (int c = 0; c < constraints.length; c++) {
      fitted.add(fits.fit(points, constraints[c], FittedOutputs.memory(memories, at + c), seed));
    }
    return fitted;
  }

  /// @param fitted to the same constraints
  static OutcomeBounds of(List<FittedModels> fitted, double[][] constraints) {
    var models = new ArrayList<FittedModels.Weighted>();
    var bounds = new ArrayList<Double>();
    for (int c = 0; c < constraints.length; c++) {
      if (!fitted.get(c).models().isEmpty()) {
        var model = fitted.get(c).models().getFirst();
        models.add(model);
        bounds.add(bound(constraints[c], model.outputs()));
      }
    }
    return new OutcomeBounds(models, bounds.stream().mapToDouble(b -> b).toArray());
  }

  /// Where the constraint is 0, in standardised outputs.
  private static double bound(double[] constraint, double[] outputs) {
    var order = SurrogateModels.order(constraint);
    int low = order[0];
    int high = order[constraint.length - 1];
    // In halves: the difference itself may overflow.
    double share = constraint[low] / 2 / (constraint[high] / 2 - constraint[low] / 2);
    return outputs[low] - share * (outputs[high] - outputs[low]);
  }

  boolean isEmpty() {
    return models.isEmpty();
  }

  /// How likely points keep the constraints.
  ///
  /// @param points m × d
  /// @return m logarithms of probabilities
  static double[] logFeasibility(
      KeptSession kept, FittedOutputs fitted, Known known, double[] points) {
    var bounds = of(fitted.constraints(), known.constraints());
    var logs = new double[points.length / Math.max(1, known.points().length / known.size())];
    if (!bounds.isEmpty()) {
      kept.condition(known, bounds.models(), fitted.fittedTo());
      kept.session().acquisition(bounds.constrain(null, 0), points, logs);
    }
    return logs;
  }

  /// The objective's acquisition times the probability that the constraints are kept.
  ///
  /// @param objective null while nothing keeps them: then only that probability counts
  /// @param first number of the first constraint's model
  AcquisitionFunction constrain(@Nullable AcquisitionFunction objective, int first) {
    var kept = new ArrayList<ProbabilityOfImprovement>();
    for (int c = 0; c < bounds.length; c++) {
      kept.add(new ProbabilityOfImprovement(first + c, bounds[c], true));
    }
    return new ConstrainedLogExpectedImprovement(objective, kept);
  }
}
