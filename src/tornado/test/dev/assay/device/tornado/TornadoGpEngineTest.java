package dev.assay.device.tornado;

import dev.assay.engine.GpEngine;
import dev.assay.engine.GpEngineContract;

class TornadoGpEngineTest extends GpEngineContract {
  @Override
  protected GpEngine engine() {
    return new TornadoGpEngine(Device.accelerator());
  }
}
