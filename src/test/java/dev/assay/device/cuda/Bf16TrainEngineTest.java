package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.train.TrainEngine;
import dev.assay.train.TrainEngine.Precision;
import dev.assay.train.TrainEngineContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// The contract in BF16, on the stand-in driver, beside a reference whose dense layers multiply
/// what is rounded as theirs. It takes as long as the one in FP32, from which it differs in
/// products alone, so that it runs where asked for: `-Dassay.train.bf16=true`; the build has
/// [TrainAgainstCpuTest].
@Tag("standin")
@EnabledIfSystemProperty(named = "assay.train.bf16", matches = "true")
class Bf16TrainEngineTest extends TrainEngineContract {
  @BeforeEach
  void standIn() {
    StandIn.use();
  }

  @Override
  protected TrainEngine engine() {
    return new CudaTrainEngine(StandIn.device(), Precision.BF16);
  }

  /// A rounding that falls to the other side moves an operand by 8e-3.
  @Override
  protected double tolerance() {
    return 2e-3;
  }

  @Override
  protected int compared() {
    return 1;
  }

  @Override
  protected double operand(double x) {
    return rounded((float) x);
  }

  /// To 7 bits of mantissa; of two as near, the even one.
  static float rounded(float x) {
    int bits = Float.floatToRawIntBits(x);
    return Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & ~0xffff);
  }

  @AfterEach
  void nothingIsLeftOnTheDevice() {
    assertThat(StandIn.device().memory().inUse()).isZero();
    StandIn.device().memory().trim();
  }
}
