package dev.assay.device.tornado;

import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;

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
