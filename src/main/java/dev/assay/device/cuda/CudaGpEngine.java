package dev.assay.device.cuda;

import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;

/// Gaussian processes on one device, in FP64. Sessions of several threads work side by side, each
/// on a stream of its own.
record CudaGpEngine(CudaDevice device) implements GpEngine {
  @Override
  public String id() {
    return "cuda";
  }

  @Override
  public GpSession open(Box box) {
    return new CudaGpSession(device, box);
  }
}
