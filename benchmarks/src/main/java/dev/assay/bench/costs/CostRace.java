package dev.assay.bench.costs;

import dev.assay.run.function.NumericFunction;
import dev.assay.space.Configuration;
import dev.assay.study.Asked;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.Sampler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Searches a function whose trials cost 1 to 100 seconds of a simulated clock, by where they are
/// along the first axis. With [Dear#HIGH] the upper end is dear, with [Dear#LOW] the lower one, and
/// with [Dear#NOWHERE] every trial costs what those cost on average.
///
/// @param function that is minimised
/// @param dear where trials are dear
record CostRace(NumericFunction function, Dear dear) {
  private static final double RATIO = 100;

  /// Of a trial whose place is drawn evenly.
  private static final double MEAN = (RATIO - 1) / Math.log(RATIO);

  /// Where trials are dear.
  enum Dear {
    HIGH,
    LOW,
    NOWHERE
  }

  /// A better value than all before, and when it was known, in mean costs.
  private record Step(double time, double value) {}

  /// What one search knew when.
  record Course(List<Double> times, List<Double> values, int trials) {
    /// The best value known at a time; infinite before the first.
    double at(double time) {
      double best = Double.POSITIVE_INFINITY;
      for (int i = 0; i < times.size() && times.get(i) <= time; i++) {
        best = values.get(i);
      }
      return best;
    }
  }

  private double cost(Configuration configuration) {
    double unit =
        function.space().parameters().getFirst().distribution().toUnit(configuration.code(0));
    return switch (dear) {
      case HIGH -> Math.pow(RATIO, unit);
      case LOW -> Math.pow(RATIO, 1 - unit);
      case NOWHERE -> MEAN;
    };
  }

  /// @param runs the budget, in mean costs; a trial that ends beyond it does not count
  Course search(Sampler sampler, long seed, double runs) {
    double limit = runs * MEAN;
    var budget = Budget.UNLIMITED.within(Duration.ofNanos((long) (limit * 1e9)));
    var steps = new ArrayList<Step>();
    double clock = 0;
    int trials = 0;
    try (var study =
        Study.over(function.space())
            .objective(Objective.minimize("value"))
            .sampler(sampler)
            .seed(seed)
            .open()) {
      while (clock < limit && study.tryAsk(budget) instanceof Asked.Ready<Configuration>(var t)) {
        double cost = cost(t.parameters());
        double value = function.values(t.parameters())[0];
        clock += cost;
        t.took(cost);
        study.tell(t, Outcome.complete(value));
        trials++;
        if (clock <= limit && (steps.isEmpty() || value < steps.getLast().value)) {
          steps.add(new Step(clock / MEAN, value));
        }
      }
    }
    return new Course(
        steps.stream().map(Step::time).toList(), steps.stream().map(Step::value).toList(), trials);
  }
}
