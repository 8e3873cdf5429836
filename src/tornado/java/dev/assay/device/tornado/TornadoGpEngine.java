package dev.assay.device.tornado;

import dev.assay.engine.Box;
import dev.assay.engine.GpEngine;
import dev.assay.engine.GpSession;

/// Gaussian processes on one device, in FP64.
record TornadoGpEngine(Accelerator accelerator) implements GpEngine {
  @Override
  public String id() {
    return "tornado";
  }

  @Override
  public GpSession open(Box box) {
    return new TornadoGpSession(accelerator, box);
  }
}
