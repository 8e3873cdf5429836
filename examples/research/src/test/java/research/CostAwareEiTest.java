package research;

import dev.assay.acquisition.Acquisition;
import dev.assay.acquisition.AcquisitionContract;
import dev.assay.acquisition.Surrogate;

public class CostAwareEiTest extends AcquisitionContract {
  @Override
  protected Acquisition acquisition() {
    return new CostAwareEi(Surrogate.logarithmOf("cost"));
  }
}
