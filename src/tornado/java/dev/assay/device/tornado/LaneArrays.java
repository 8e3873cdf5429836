package dev.assay.device.tornado;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.assay.device.lanes.FoldArrays;
import dev.assay.device.lanes.LaneBatch;
import dev.assay.device.lanes.LaneMemory;
import dev.assay.device.lanes.LaneProgram;
import java.lang.foreign.MemorySegment;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// The arrays that the trainer's kernels work on, on the host's side: what shapes, lanes and
/// optimisers are reaches the kernels in them, so that one set of task graphs serves all.
final class LaneArrays {
  /// Numbers of states that travel at a time.
  static final int PIECE = 1 << 16;

  private static final int MOST_LAYERS = 8;

  final IntArray control = new IntArray(LaneControl.LENGTH);
  final IntArray program = new IntArray(LaneProgram.HEADER + LaneProgram.LAYER * MOST_LAYERS);
  final FloatArray features;
  final IntArray labels;
  final FloatArray targets;
  final FloatArray scaling;
  final IntArray lanes;
  final FloatArray numbers;
  final IntArray rows;
  final FloatArray steps;
  final IntArray keys;
  final FloatArray states;
  final FloatArray scratch;
  final FloatArray predictions;
  final DoubleArray losses;
  final FloatArray incoming = new FloatArray(PIECE);
  final FloatArray outgoing = new FloatArray(PIECE);
  private final int threads;

  /// @param most lanes of a launch
  /// @param threads of a lane
  LaneArrays(LaneCapacities capacities, int most, int threads) {
    this.threads = threads;
    features = new FloatArray(capacities.features());
    labels = new IntArray(capacities.targets());
    targets = new FloatArray(capacities.targets());
    scaling = new FloatArray(capacities.targets());
    lanes = new IntArray(most * LaneBatch.WORDS);
    numbers = new FloatArray(most * LaneBatch.WORDS);
    rows = new IntArray(capacities.rows());
    steps = new FloatArray(capacities.steps());
    keys = new IntArray(capacities.steps());
    states = new FloatArray(capacities.states());
    scratch = new FloatArray(capacities.scratch());
    predictions = new FloatArray(capacities.predictions());
    losses = new DoubleArray(most * threads);
  }

  void tell(FoldArrays data) {
    fill(features, data.features());
    fill(labels, data.labels());
    fill(targets, data.targets());
    fill(scaling, data.scaling());
    control.set(LaneControl.ROWS, data.rows());
  }

  /// Lanes that shall learn.
  ///
  /// @param base where the session's states begin
  void tellTraining(LaneProgram shape, LaneBatch batch, int base) {
    tell(shape, batch, base);
    fill(lanes, batch.lanes());
    fill(steps, batch.steps());
    fill(keys, batch.keys());
    control.set(LaneControl.ARRAYS, LaneMemory.ARRAYS);
  }

  /// Weights that shall predict.
  ///
  /// @param base where the session's states begin
  /// @param predicts whether the predictions are asked for, or the losses alone
  void tellEvaluation(LaneProgram shape, LaneBatch batch, int base, boolean predicts) {
    tell(shape, batch, base);
    fill(lanes, batch.lanes(shape.capacity()));
    control.set(LaneControl.ARRAYS, 1);
    control.set(LaneControl.PREDICTIONS, predicts ? 1 : 0);
  }

  private void tell(LaneProgram shape, LaneBatch batch, int base) {
    control.set(LaneControl.LANES, batch.size());
    control.set(LaneControl.SCRATCH, shape.scratch());
    control.set(LaneControl.BASE, base);
    fill(program, shape.words());
    var words = batch.lanes();
    for (int i = 0; i < words.length; i++) {
      numbers.set(i, Float.intBitsToFloat(words[i]));
    }
    fill(rows, batch.rows());
  }

  /// The sum of each lane's losses: its threads' in their order.
  double[] losses(int count) {
    var sums = new double[count];
    for (int lane = 0; lane < count; lane++) {
      for (int thread = 0; thread < threads; thread++) {
        sums[lane] += losses.get(lane * threads + thread);
      }
    }
    return sums;
  }

  void predictions(float[] to) {
    MemorySegment.copy(predictions.getSegment(), JAVA_FLOAT, 0, to, 0, to.length);
  }

  /// A piece of states that shall travel to the device.
  void put(float[] values, int from, int count) {
    MemorySegment.copy(values, from, incoming.getSegment(), JAVA_FLOAT, 0, count);
  }

  /// A piece of states that came from it.
  void get(float[] values, int to, int count) {
    MemorySegment.copy(outgoing.getSegment(), JAVA_FLOAT, 0, values, to, count);
  }

  private static void fill(FloatArray array, float[] values) {
    MemorySegment.copy(values, 0, array.getSegment(), JAVA_FLOAT, 0, values.length);
  }

  private static void fill(IntArray array, int[] values) {
    MemorySegment.copy(values, 0, array.getSegment(), JAVA_INT, 0, values.length);
  }
}
