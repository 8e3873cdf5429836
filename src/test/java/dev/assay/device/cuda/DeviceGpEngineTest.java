package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.engine.GpEngine;
import dev.assay.engine.GpEngineContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.jspecify.annotations.Nullable;

/// The contract on an NVIDIA card; skipped where there is none.
class DeviceGpEngineTest extends GpEngineContract {
  private static @Nullable CudaDevice device;

  @BeforeEach
  void card() {
    if (device == null) {
      Assumptions.assumeTrue(
          DriverProbe.look() instanceof DriverProbe.Finding.Usable, "no NVIDIA card here");
      assertThat(JCudaNatives.load()).isNull();
      device = CudaDevice.all().getFirst();
    }
    Assumptions.assumeFalse(device.name().contains("stand-in"), "only the stand-in is here");
  }

  @Override
  protected GpEngine engine() {
    return new CudaGpEngine(java.util.Objects.requireNonNull(device));
  }

  @AfterEach
  void nothingIsLeftOnTheDevice() {
    if (device != null) {
      assertThat(device.memory().inUse()).isZero();
    }
  }
}
