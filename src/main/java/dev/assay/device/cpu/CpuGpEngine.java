package dev.assay.device.cpu;

import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.linalg.DenseAlgebra;

/// Gaussian processes on one core, vectorised over observations, with dense algebra by OpenBLAS
/// where it is.
public record CpuGpEngine() implements GpEngine {
  @Override
  public String id() {
    return "cpu";
  }

  @Override
  public void prepare() {
    DenseAlgebra.prepare();
  }

  @Override
  public GpSession open(Box box) {
    return new CpuGpSession(box);
  }
}
