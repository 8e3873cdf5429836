package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpEngineContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIf;

/// The contract on an NVIDIA card; skipped where there is none.
@EnabledIf(value = "present", disabledReason = "no NVIDIA card here")
class DeviceGpEngineTest extends GpEngineContract {
  static boolean present() {
    return DriverProbe.look() instanceof DriverProbe.Finding.Usable;
  }

  private static final class Card {
    static final CudaDevice DEVICE = first();

    private static CudaDevice first() {
      assertThat(JCudaNatives.load()).isNull();
      return CudaDevice.all().getFirst();
    }
  }

  @Override
  protected GpEngine engine() {
    return new CudaGpEngine(Card.DEVICE);
  }

  @AfterEach
  void nothingIsLeftOnTheDevice() {
    assertThat(Card.DEVICE.memory().inUse()).isZero();
  }
}
