package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.train.TrainEngine;
import dev.assay.train.TrainEngine.Precision;
import dev.assay.train.TrainEngineContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// The contract in TF32, on the stand-in driver, beside a reference whose dense layers multiply
/// what is rounded as theirs. It takes as long as the one in FP32, from which it differs in
/// products alone, so that it runs where asked for: `-Dassay.train.tf32=true`; the build has
/// [TrainAgainstCpuTest].
@Tag("standin")
@EnabledIfSystemProperty(named = "assay.train.tf32", matches = "true")
class Tf32TrainEngineTest extends TrainEngineContract {
  @BeforeEach
  void standIn() {
    StandIn.use();
  }

  @Override
  protected TrainEngine engine() {
    return new CudaTrainEngine(StandIn.device(), Precision.TF32);
  }

  /// A rounding that falls to the other side moves an operand by 1e-3, and training with large
  /// steps takes that further from epoch to epoch.
  @Override
  protected double tolerance() {
    return 2e-4;
  }

  @Override
  protected int compared() {
    return 1;
  }

  @Override
  protected double operand(double x) {
    return rounded((float) x);
  }

  /// To 10 bits of mantissa; of two as near, the one further from 0.
  static float rounded(float x) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(x) + 0x1000 & ~0x1fff);
  }

  @AfterEach
  void nothingIsLeftOnTheDevice() {
    assertThat(StandIn.device().memory().inUse()).isZero();
    StandIn.device().memory().trim();
  }
}
