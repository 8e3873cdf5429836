package dev.assay.device.tornado;

import dev.assay.train.TrainEngine;
import dev.assay.train.TrainEngineContract;

class TornadoTrainEngineTest extends TrainEngineContract {
  @Override
  protected TrainEngine engine() {
    return new TornadoTrainEngine(Device.accelerator());
  }
}
