package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.train.TrainEngine;
import dev.assay.train.TrainEngineContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIf;

/// The contract on an NVIDIA card; skipped where there is none.
@EnabledIf(value = "present", disabledReason = "no NVIDIA card here")
class DeviceTrainEngineTest extends TrainEngineContract {
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
  protected TrainEngine engine() {
    return new CudaTrainEngine(Card.DEVICE);
  }

  @AfterEach
  void nothingIsLeftOnTheDevice() {
    assertThat(Card.DEVICE.memory().inUse()).isZero();
  }
}
