package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.train.TrainEngine;
import dev.assay.train.TrainEngine.Precision;
import dev.assay.train.TrainEngineContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// The contract with products of dense layers by tensor instructions, on the stand-in driver,
/// beside a reference whose dense layers multiply what is rounded as theirs. It takes as long as
/// the one in FP32, from which it differs in products alone, so that it runs where asked for; the
/// build has [TrainAgainstCpuTest].
abstract class TensorTrainEngineContract extends TrainEngineContract {
  private final Precision precision;

  TensorTrainEngineContract(Precision precision) {
    this.precision = precision;
  }

  /// An operand as the instructions take it.
  abstract float rounded(float x);

  @BeforeEach
  void standIn() {
    StandIn.use();
  }

  @Override
  protected TrainEngine engine() {
    return new CudaTrainEngine(StandIn.device(), precision);
  }

  @Override
  protected int compared() {
    return 1;
  }

  @Override
  protected double operand(double x) {
    return rounded((float) x);
  }

  @AfterEach
  void nothingIsLeftOnTheDevice() {
    assertThat(StandIn.device().memory().inUse()).isZero();
    StandIn.device().memory().trim();
  }
}
