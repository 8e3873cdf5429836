package dev.assay.device.cuda;

import dev.assay.train.DropoutMask;
import dev.assay.train.Lane;
import dev.assay.train.UpdateRule;
import java.util.ArrayList;
import java.util.List;

/// What one launch of `train.cu` is told of its lanes: a `TrainLane` for each, the rows, and for
/// training the numbers of every step and the keys of its dropout.
final class LaneBatch {
  private static final int WORDS = 18;

  private final int layers;
  private final List<int[]> lanes = new ArrayList<>();
  private final List<int[]> rows = new ArrayList<>();
  private final List<float[]> steps = new ArrayList<>();
  private final List<int[]> keys = new ArrayList<>();
  private int rowCount;
  private int stepCount;
  private int predictionCount;
  private boolean drops;

  LaneBatch(int layers) {
    this.layers = layers;
  }

  /// A lane that shall learn.
  ///
  /// @param shuffled the rows in the epoch's order
  /// @param rule at the beginning of the epoch; is brought to its end
  /// @param epoch from 1
  void learn(int slot, Lane lane, int[] shuffled, UpdateRule rule, int epoch) {
    var settings = lane.settings();
    int size = settings.batchSize();
    int count = (shuffled.length + size - 1) / size;
    var words = words(slot, lane.fold(), shuffled);
    var numbers = new float[2 * count];
    boolean dropping = settings.dropout() > 0;
    var masks = new int[2 * layers * count];
    var scale = 1f;
    rule.epoch(epoch);
    for (int step = 0; step < count; step++) {
      rule.next();
      numbers[2 * step] = rule.rate();
      numbers[2 * step + 1] = rule.epsilon();
      for (int layer = 0; layer < layers && dropping; layer++) {
        var mask = DropoutMask.of(lane, epoch, step, layer);
        masks[2 * (layers * step + layer)] = mask.key1();
        masks[2 * (layers * step + layer) + 1] = mask.key2();
        words[9] = mask.threshold();
        scale = mask.scale();
      }
    }
    words[4] = size;
    words[5] = count;
    words[6] = stepCount;
    words[7] = rule.adaptive() ? 1 : 0;
    words[8] = rule.nesterov() ? 1 : 0;
    float[] numbersOfLane = {
      scale,
      rule.coupledDecay(),
      rule.shrinkage(),
      rule.beta1(),
      rule.beta2(),
      rule.rest1(),
      rule.rest2()
    };
    for (int i = 0; i < numbersOfLane.length; i++) {
      words[10 + i] = Float.floatToRawIntBits(numbersOfLane[i]);
    }
    steps.add(numbers);
    keys.add(masks);
    stepCount += count;
    drops |= dropping;
  }

  /// Weights that shall predict.
  ///
  /// @param slot in units of one array of weights
  void predict(int slot, int fold, int[] chosen, int outputs) {
    var words = words(slot, fold, chosen);
    words[17] = predictionCount;
    predictionCount = Math.addExact(predictionCount, Math.multiplyExact(chosen.length, outputs));
  }

  private int[] words(int slot, int fold, int[] chosen) {
    var words = new int[WORDS];
    words[0] = slot;
    words[1] = fold;
    words[2] = chosen.length;
    words[3] = rowCount;
    lanes.add(words);
    rows.add(chosen);
    rowCount = Math.addExact(rowCount, chosen.length);
    return words;
  }

  int size() {
    return lanes.size();
  }

  int predictions() {
    return predictionCount;
  }

  int[] lanes() {
    return joined(lanes);
  }

  int[] rows() {
    return joined(rows);
  }

  float[] steps() {
    var joined = new float[2 * stepCount];
    int at = 0;
    for (var part : steps) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return joined;
  }

  /// Empty where no lane has dropout.
  int[] keys() {
    return drops ? joined(keys) : new int[0];
  }

  private static int[] joined(List<int[]> parts) {
    var joined = new int[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (var part : parts) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return joined;
  }
}
