package dev.assay.device.tornado;

import dev.assay.engine.GpEngine;
import dev.assay.engine.GpEngineContract;
import org.junit.jupiter.api.Tag;

@Tag("tornado")
class TornadoGpEngineTest extends GpEngineContract {
  @Override
  protected GpEngine engine() {
    return new TornadoGpEngine(Device.accelerator());
  }
}
