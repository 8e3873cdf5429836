package dev.assay.device.lanes;

import dev.assay.train.DropoutMask;
import dev.assay.train.Lane;
import dev.assay.train.UpdateRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What one launch is told of its lanes: [#WORDS] numbers for each, the rows, and for training the
/// numbers of every step and the keys of its dropout. The words are, in order: slot; fold; how many
/// rows, and where they begin; rows a step; how many steps, and where they begin; adaptive;
/// nesterov; the threshold of dropout, 0 for none; then seven FP32 numbers, [#FLOATS] on: the scale
/// of what dropout keeps, coupled decay, shrinkage, β1, β2, 1 - β1, 1 - β2; where the predictions
/// begin.
public final class LaneBatch {
  /// Numbers of a lane.
  public static final int WORDS = 18;

  /// Numbers of the order of a lane's rows and of its steps.
  public static final int ORDER_WORDS = 20;

  /// Where those of its numbers begin that are FP32, as bits.
  public static final int FLOATS = 10;

  private final int layers;
  private final List<int[]> lanes = new ArrayList<>();
  private final List<int[]> rows = new ArrayList<>();
  private final List<float[]> steps = new ArrayList<>();
  private final List<int[]> keys = new ArrayList<>();
  private final List<int[]> orders = new ArrayList<>();
  private int rowCount;
  private int stepCount;
  private int predictionCount;
  private boolean drops;

  /// @param layers of each lane
  public LaneBatch(int layers) {
    this.layers = layers;
  }

  /// A lane that shall learn.
  ///
  /// @param shuffled the rows in the epoch's order
  /// @param rule at the beginning of the epoch; is brought to its end
  /// @param epoch from 1
  public void learn(int slot, Lane lane, int[] shuffled, UpdateRule rule, int epoch) {
    rows.add(shuffled);
    learn(words(slot, lane.fold(), shuffled.length), lane, rule, epoch);
  }

  /// A lane that shall learn from rows that lie on the device, which puts them in the epoch's order
  /// itself.
  ///
  /// @param from where they begin there
  /// @param count how many they are
  /// @param rule at the beginning of the epoch; is brought to its end
  /// @param epoch from 1
  public void learn(int slot, Lane lane, int from, int count, UpdateRule rule, int epoch) {
    int to = rowCount;
    var words = words(slot, lane.fold(), count);
    int size = lane.settings().batchSize();
    rule.epoch(epoch);
    orders.add(order(lane, new int[] {from, count, to}, lane.orderStream(epoch), size, rule));
    rule.skip((count + size - 1) / size);
    describe(words, lane, rule, epoch);
  }

  private int[] order(Lane lane, int[] rows, long stream, int size, UpdateRule rule) {
    var decays = rule.decays();
    long[] numbers = {
      lane.seed(),
      stream,
      Double.doubleToRawLongBits(rule.learningRate()),
      Double.doubleToRawLongBits(rule.power1()),
      Double.doubleToRawLongBits(rule.power2()),
      Double.doubleToRawLongBits(decays[0]),
      Double.doubleToRawLongBits(decays[1])
    };
    var order = Arrays.copyOf(rows, ORDER_WORDS);
    for (int i = 0; i < numbers.length; i++) {
      order[rows.length + 2 * i] = (int) numbers[i];
      order[rows.length + 2 * i + 1] = (int) (numbers[i] >>> 32);
    }
    order[17] = stepCount;
    order[18] = (rows[1] + size - 1) / size;
    order[19] = rule.adaptive() ? 1 : 0;
    return order;
  }

  private void learn(int[] words, Lane lane, UpdateRule rule, int epoch) {
    int size = lane.settings().batchSize();
    var numbers = new float[2 * ((words[2] + size - 1) / size)];
    rule.epoch(epoch);
    for (int step = 0; step < numbers.length / 2; step++) {
      rule.next();
      numbers[2 * step] = rule.rate();
      numbers[2 * step + 1] = rule.epsilon();
    }
    steps.add(numbers);
    describe(words, lane, rule, epoch);
  }

  private void describe(int[] words, Lane lane, UpdateRule rule, int epoch) {
    var settings = lane.settings();
    int size = settings.batchSize();
    int count = (words[2] + size - 1) / size;
    boolean dropping = settings.dropout() > 0;
    var masks = new int[2 * layers * count];
    var scale = 1f;
    for (int step = 0; step < count && dropping; step++) {
      for (int layer = 0; layer < layers; layer++) {
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
      words[FLOATS + i] = Float.floatToRawIntBits(numbersOfLane[i]);
    }
    keys.add(masks);
    stepCount += count;
    drops |= dropping;
  }

  /// Weights that shall predict.
  ///
  /// @param slot in units of one array of weights
  public void predict(int slot, int fold, int[] chosen, int outputs) {
    rows.add(chosen);
    var words = words(slot, fold, chosen.length);
    words[17] = predictionCount;
    predictionCount = Math.addExact(predictionCount, Math.multiplyExact(chosen.length, outputs));
  }

  private int[] words(int slot, int fold, int count) {
    var words = new int[WORDS];
    words[0] = slot;
    words[1] = fold;
    words[2] = count;
    words[3] = rowCount;
    lanes.add(words);
    rowCount = Math.addExact(rowCount, count);
    return words;
  }

  /// [#ORDER_WORDS] numbers for each lane whose rows lie on the device: where they begin there, how
  /// many, where they go; then, the lower half of each first, the generator's key and stream, and
  /// the bits of the rate of learning, of the products of β₁ and β₂ before the first step, and of
  /// these; where the numbers of its steps begin, how many steps, adaptive. Empty where rows are
  /// handed over in order.
  public int[] orders() {
    return joined(orders);
  }

  /// How many rows of all lanes.
  public int rowCount() {
    return rowCount;
  }

  /// How many steps of all lanes.
  public int stepCount() {
    return stepCount;
  }

  /// How many rows the lane has that has most.
  public int mostRows() {
    return lanes.stream().mapToInt(words -> words[2]).max().orElse(0);
  }

  /// How many lanes.
  public int size() {
    return lanes.size();
  }

  /// How many numbers all predictions are.
  public int predictions() {
    return predictionCount;
  }

  /// [#WORDS] numbers for each lane.
  public int[] lanes() {
    return joined(lanes);
  }

  /// The same, where every lane goes through its rows in chunks: rows a step, and how many steps.
  public int[] lanes(int chunk) {
    var words = lanes();
    for (int at = 0; at < words.length; at += WORDS) {
      words[at + 4] = chunk;
      words[at + 5] = (words[at + 2] + chunk - 1) / chunk;
    }
    return words;
  }

  /// Row numbers, one lane after the other.
  public int[] rows() {
    return joined(rows);
  }

  /// The rate and ε of each step; of lanes whose rows lie on the device nothing.
  public float[] steps() {
    var joined = new float[steps.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (var part : steps) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return joined;
  }

  /// Two for each layer of each step; empty where no lane has dropout.
  public int[] keys() {
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
