package research;

import dev.assay.acquisition.Climb;
import dev.assay.acquisition.Surrogate;
import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.Model;
import dev.assay.gp.Noise;
import dev.assay.gp.RadialCovariance;
import dev.assay.sampler.gp.Gp;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.study.Trial;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import java.util.List;

/// A search by parts of one's own: a covariance function beside one of Assay's, and an acquisition
/// that weighs what a trial costs.
public final class Research {
  private Research() {}

  static Gp sampler() {
    var locallyPeriodic =
        new CovarianceFunction.Product(List.of(new RadialCovariance.Matern52(), new Periodic()));
    return Gp.models(
            Model.of(new RadialCovariance.Matern52()).noise(Noise.learned()),
            Model.of(locallyPeriodic).noise(Noise.known(1e-6)))
        .judgedBy(new CostAwareEi(Surrogate.logarithmOf("cost")))
        .searchedBy(Climb.standard());
  }

  /// Ripples on a bowl, dearer towards the right.
  static Outcome evaluate(Configuration x, Trial<Configuration> trial) {
    double a = x.number("a");
    double b = x.number("b");
    trial.attribute("cost", 1 + 9 * a);
    return Outcome.complete(
        (a - 0.3) * (a - 0.3)
            + (b - 0.6) * (b - 0.6)
            + 0.05 * (1 - Math.cos(20 * Math.PI * a / 3)));
  }

  public static void main(String[] args) {
    var space = SearchSpace.builder().floatRange("a", 0, 1).floatRange("b", 0, 1).build();
    try (var study = Study.over(space).minimize("loss").sampler(sampler()).seed(1).open()) {
      var best = study.run(Research::evaluate, Budget.trials(30)).best();
      System.out.printf("Best of 30: %.4f at %s%n", best.value(), best.configuration());
    }
  }
}
