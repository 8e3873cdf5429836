package dev.assay.internal.sampler.population;

import dev.assay.sampler.Samplers;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Sampler;

/// Populations of members that train in segments.
abstract class PbtCase {
  static final SearchSpace LINE =
      SearchSpace.builder()
          .add("rate", FloatRange.log(1e-3, 1))
          .add("share", new FloatRange(0, 1))
          .build();

  static final int MEMBERS = 8;

  static Sampler sampler(int steps) {
    return Samplers.pbt(MEMBERS, 2, steps);
  }
}
