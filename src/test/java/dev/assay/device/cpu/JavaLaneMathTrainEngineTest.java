package dev.assay.device.cpu;

import dev.assay.train.TrainEngine;
import dev.assay.train.TrainEngineContract;

/// The engine of a JVM without the Vector API, on the calling thread.
class JavaLaneMathTrainEngineTest extends TrainEngineContract {
  @Override
  protected TrainEngine engine() {
    return new CpuTrainEngine(1, new JavaLaneMath());
  }
}
