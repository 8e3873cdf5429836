package dev.assay.device.cuda;

import dev.assay.train.TrainEngine.Precision;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// In TF32: `-Dassay.train.tf32=true`.
@Tag("standin")
@EnabledIfSystemProperty(named = "assay.train.tf32", matches = "true")
class Tf32TrainEngineTest extends TensorTrainEngineContract {
  Tf32TrainEngineTest() {
    super(Precision.TF32);
  }

  /// A rounding that falls to the other side moves an operand by 1e-3, and training with large
  /// steps takes that further from epoch to epoch.
  @Override
  protected double tolerance() {
    return 2e-4;
  }

  /// To 10 bits of mantissa; of two as near, the one further from 0.
  @Override
  float rounded(float x) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(x) + 0x1000 & ~0x1fff);
  }
}
