package dev.assay.device.tornado;

import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpEngineContract;

class TornadoGpEngineTest extends GpEngineContract {
  @Override
  protected GpEngine engine() {
    return new TornadoGpEngine(Device.accelerator());
  }
}
