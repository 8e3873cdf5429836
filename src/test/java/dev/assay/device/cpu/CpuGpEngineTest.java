package dev.assay.device.cpu;

import dev.assay.engine.GpEngine;
import dev.assay.engine.GpEngineContract;

class CpuGpEngineTest extends GpEngineContract {
  @Override
  protected GpEngine engine() {
    return new CpuGpEngine();
  }
}
