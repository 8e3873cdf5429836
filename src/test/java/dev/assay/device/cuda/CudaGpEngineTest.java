package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpEngineContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/// The unmodified host code and kernels, on the stand-in driver.
@Tag("standin")
class CudaGpEngineTest extends GpEngineContract {
  @BeforeEach
  void standIn() {
    StandIn.use();
  }

  @Override
  protected GpEngine engine() {
    return new CudaGpEngine(StandIn.device());
  }

  @AfterEach
  void nothingIsLeftOnTheDevice() {
    assertThat(StandIn.device().memory().inUse()).isZero();
    StandIn.device().memory().trim(); // checks that nothing was written beyond an array
  }
}
