package dev.assay.sampler;

import dev.assay.study.Sampler;

class Nsga3SamplerTest extends SamplerContract {
  @Override
  Sampler sampler() {
    return Samplers.create("nsga3", java.util.Map.of("population", 10));
  }
}
