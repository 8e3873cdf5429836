package research;

import dev.assay.sampler.SamplerContract;
import dev.assay.trial.Sampler;

public class HillClimbTest extends SamplerContract {
  @Override
  protected Sampler sampler() {
    return new HillClimb(0.15);
  }
}
