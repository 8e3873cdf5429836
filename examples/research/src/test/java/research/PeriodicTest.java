package research;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.CovarianceFunctionContract;

public class PeriodicTest extends CovarianceFunctionContract {
  @Override
  protected CovarianceFunction function() {
    return new Periodic();
  }
}
