package dev.assay.device.cuda;

import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.engine.AcquisitionMaximiser;
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
    try {
      shape = stream.place(program.shape(), arena);
      number = stream.place(program.number(), arena);
      fantasyModels = stream.place(program.fantasyModels(), arena);
      fantasyIncumbents = stream.place(program.fantasyIncumbents(), arena);
      cells = stream.place(program.cells(), arena);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /// Values, and where wanted gradients, at the batch's first m points.
  ///
  /// @param running which of them need an answer
  void enqueue(PointBatch batch, int m, Running running, boolean derive) {
    long at = 0;
    for (var group : groups) {
      var rows = batch.workspace().from(at);
      group.predict(batch.points(), m, running, rows, batch.means(), batch.variances());
      at += (long) m * group.workspace();
    }
    launch(
        m,
        batch.means(),
        batch.variances(),
        derive,
        batch.values(),
        batch.dMeans(),
        batch.dVariances());
    if (derive) {
      stream.clear(batch.gradients(), 8L * m * d);
      at = 0;
      for (var group : groups) {
        var rows = batch.workspace().from(at);
        group.addPointGradients(
            batch.points(),
            m,
            running,
            rows,
            batch.dMeans(),
            batch.dVariances(),
            batch.gradients());
        at += (long) m * group.workspace();
      }
    }
  }

  /// Values at m points from predictions, or bounds of them.
  ///
  /// @param means m for each of the session's models
  /// @param variances likewise
  /// @param values out: m
  void enqueueValues(DeviceArray means, DeviceArray variances, int m, DeviceArray values) {
    launch(m, means, variances, false, values, DeviceArray.NULL, DeviceArray.NULL);
  }

  private void launch(
      int m,
      DeviceArray means,
      DeviceArray variances,
      boolean derive,
      DeviceArray values,
      DeviceArray dMeans,
      DeviceArray dVariances) {
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
        means,
        variances,
        derive ? 1 : 0,
        values,
        dMeans,
        dVariances);
  }

  /// Climbs from the batch's first m points in one launch, a block for each; leaves there the ends
  /// and their values.
  ///
  /// @param data the observations that the groups are conditioned on
  /// @param low d bounds, possibly infinite; likewise `high`
  /// @param free m × d flags: coordinates that may move
  /// @param state m × what a start of L-BFGS needs, 0
  /// @param trial m × d, of any content
  void enqueueAscent(
      PointBatch batch,
      int m,
      DeviceObservations data,
      int maxEvaluations,
      DeviceArray low,
      DeviceArray high,
      DeviceArray free,
      DeviceArray state,
      DeviceArray trial) {
    var table = arena.bytes((long) ConditionedGroup.DESCRIPTION * groups.size());
    for (int q = 0; q < groups.size(); q++) {
      groups.get(q).describe(table, q);
    }
    stream.launch(
        "ascend",
        m,
        1,
        1,
        DeviceFactor.GRADIENT_SHARED,
        table,
        groups.size(),
        d,
        data.categorical(),
        data.x(),
        data.stride(),
        data.size(),
        terms,
        shape,
        number,
        fantasyModels,
        fantasyIncumbents,
        cells,
        models,
        m,
        maxEvaluations,
        AcquisitionMaximiser.GRADIENT_TOLERANCE,
        AcquisitionMaximiser.VALUE_TOLERANCE,
        low,
        high,
        free,
        batch.points(),
        batch.values(),
        state,
        trial,
        batch.workspace(),
        batch.means(),
        batch.variances(),
        batch.dMeans(),
        batch.dVariances(),
        batch.gradients());
  }

  /// Waits for what still reads its arrays, then frees them.
  @Override
  public void close() {
    try (arena) {
      stream.settle();
    }
  }
}
