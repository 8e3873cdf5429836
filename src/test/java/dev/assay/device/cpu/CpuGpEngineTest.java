package dev.assay.device.cpu;

import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpEngineContract;

class CpuGpEngineTest extends GpEngineContract {
  @Override
  protected GpEngine engine() {
    return new CpuGpEngine();
  }
}
