package dev.assay.device.cuda;

import dev.assay.train.TrainEngine.Precision;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// In BF16: `-Dassay.train.bf16=true`.
@Tag("standin")
@EnabledIfSystemProperty(named = "assay.train.bf16", matches = "true")
class Bf16TrainEngineTest extends TensorTrainEngineContract {
  Bf16TrainEngineTest() {
    super(Precision.BF16);
  }

  /// A rounding that falls to the other side moves an operand by 8e-3.
  @Override
  protected double tolerance() {
    return 2e-3;
  }

  /// To 7 bits of mantissa; of two as near, the even one.
  @Override
  float rounded(float x) {
    int bits = Float.floatToRawIntBits(x);
    return Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & ~0xffff);
  }
}
