package dev.assay.device.cpu;

import dev.assay.engine.Box;
import dev.assay.engine.GpEngine;
import dev.assay.engine.GpSession;

/// Gaussian processes on one core, vectorised over observations, with dense algebra by OpenBLAS
/// where it is.
public final class CpuGpEngine implements GpEngine {
  @Override
  public String id() {
    return "cpu";
  }

  @Override
  public GpSession open(Box box) {
    return new CpuGpSession(box);
  }
}
