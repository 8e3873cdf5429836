package research;

import dev.assay.acquisition.Acquisition;
import dev.assay.acquisition.Beliefs;
import dev.assay.acquisition.Surrogate;
import java.util.List;
import java.util.Map;

/// Log expected improvement for each unit of cost (Snoek, Larochelle and Adams 2012, section 3.2).
///
/// @param cost modelled by its logarithm
public record CostAwareEi(Surrogate cost) implements Acquisition {
  @Override
  public double value(Beliefs at) {
    return at.logExpectedImprovement() - at.of(cost).mean();
  }

  /// May be left out: then central differences are taken.
  @Override
  public Slopes slopes(Beliefs at) {
    return new Slopes(at.logExpectedImprovementSlope(), Map.of(cost, new Slope(-1, 0)));
  }

  @Override
  public List<Surrogate> surrogates() {
    return List.of(cost);
  }

  /// So that probabilities can be added: that a trial does not fail, that constraints are kept.
  @Override
  public boolean isLogarithm() {
    return true;
  }
}
