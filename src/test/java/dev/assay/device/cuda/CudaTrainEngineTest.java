package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.train.TrainEngine;
import dev.assay.train.TrainEngineContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/// The unmodified host code and kernels, on the stand-in driver.
@Tag("standin")
class CudaTrainEngineTest extends TrainEngineContract {
  @BeforeEach
  void standIn() {
    StandIn.use();
  }

  @Override
  protected TrainEngine engine() {
    return new CudaTrainEngine(StandIn.device());
  }

  @AfterEach
  void nothingIsLeftOnTheDevice() {
    assertThat(StandIn.device().memory().inUse()).isZero();
    StandIn.device().memory().trim(); // checks that nothing was written beyond an array
  }
}
