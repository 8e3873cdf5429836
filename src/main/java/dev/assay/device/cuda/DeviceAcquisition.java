package dev.assay.device.cuda;

import dev.assay.acquisition.AcquisitionFunction;
import java.util.List;

/// One acquisition function of conditioned models, evaluated at batches of points.
final class DeviceAcquisition implements AutoCloseable {
  private final CudaStream stream;
  private final List<ConditionedGroup> groups;
  private final int models;
  private final DeviceMemory.Arena arena;
  private final int terms;
  private final int d;
  private final DeviceArray shape;
  private final DeviceArray number;
  private final DeviceArray fantasyModels;
  private final DeviceArray fantasyIncumbents;
  private final DeviceArray cells;

  DeviceAcquisition(
      CudaStream stream,
      List<ConditionedGroup> groups,
      int models,
      int d,
      AcquisitionFunction function) {
    this.stream = stream;
    this.groups = groups;
    this.models = models;
    this.d = d;
    arena = stream.device().memory().arena();
    var program = new AcquisitionProgram(function);
    terms = program.terms();
    shape = put(program.shape());
    number = put(program.number());
    fantasyModels = put(program.fantasyModels());
    fantasyIncumbents = put(program.fantasyIncumbents());
    cells = put(program.cells());
  }

  private DeviceArray put(int[] values) {
    var array = arena.ints(values.length);
    stream.upload(values, array);
    return array;
  }

  private DeviceArray put(double[] values) {
    var array = arena.doubles(values.length);
    stream.upload(values, array);
    return array;
  }

  /// Values, and where wanted gradients, at the batch's first m points.
  ///
  /// @param skip m flags, or none: points that need no answer
  void enqueue(PointBatch batch, int m, DeviceArray skip, boolean derive) {
    long at = 0;
    for (var group : groups) {
      var half = batch.workspace().from(at);
      group.predict(batch.points(), m, skip, half, batch.means(), batch.variances());
      at += (long) m * group.workspace();
    }
    stream.launch(
        "acquisition",
        DeviceFactor.blocks(m, 256),
        1,
        1,
        0,
        terms,
        shape,
        number,
        fantasyModels,
        fantasyIncumbents,
        cells,
        models,
        m,
        batch.means(),
        batch.variances(),
        derive ? 1 : 0,
        batch.values(),
        batch.dMeans(),
        batch.dVariances());
    if (derive) {
      stream.clear(batch.gradients(), 8L * m * d);
      at = 0;
      for (var group : groups) {
        var half = batch.workspace().from(at);
        group.addPointGradients(
            batch.points(), m, skip, half, batch.dMeans(), batch.dVariances(), batch.gradients());
        at += (long) m * group.workspace();
      }
    }
  }

  /// Waits for what still reads its arrays, then frees them.
  @Override
  public void close() {
    stream.synchronise();
    arena.close();
  }
}
