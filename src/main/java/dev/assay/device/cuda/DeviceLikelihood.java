package dev.assay.device.cuda;

import dev.assay.device.DeviceTooSmall;
import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.engine.CovarianceProgram;
import dev.assay.internal.engine.HyperparameterFit;
import java.util.Arrays;

/// Log marginal likelihoods and gradients of batches of hyperparameter vectors. Its arrays serve
/// every batch of a fit; a batch that does not fit into memory is done in parts.
final class DeviceLikelihood implements HyperparameterFit.Likelihoods {
  private final CudaStream stream;
  private final DeviceObservations data;
  private final DeviceMemory.Arena arena;
  private final int n;
  private final int p;
  private final DeviceArray program;
  private Batch batch;

  /// The arrays of a batch of up to `models` vectors.
  private record Batch(
      DeviceMemory.Arena arena,
      int models,
      DeviceArray theta,
      DeviceArray natural,
      DeviceArray column,
      DeviceArray factor,
      DeviceArray inverse,
      DeviceArray residual,
      DeviceArray alpha,
      DeviceArray half,
      DeviceArray off,
      DeviceArray info,
      DeviceArray partial,
      DeviceArray value,
      DeviceArray gradient) {}

  DeviceLikelihood(CudaStream stream, DeviceObservations data, CovarianceFunction covariance) {
    this.stream = stream;
    this.data = data;
    arena = stream.device().memory().arena();
    n = data.size();
    var structure = new CovarianceProgram(covariance, data.dimension());
    p = structure.size();
    program = arena.ints(structure.words().length);
    try {
      batch = allocate(1);
    } catch (DeviceTooSmall e) {
      arena.close();
      throw e;
    }
    stream.upload(structure.words(), program);
  }

  int size() {
    return p;
  }

  private Batch allocate(int models) {
    var own = stream.device().memory().arena();
    int lead = DeviceFactor.lead(n);
    long square = (long) models * n * lead;
    long row = (long) models * lead;
    try {
      return new Batch(
          own,
          models,
          own.doubles((long) models * p),
          own.doubles((long) models * p),
          own.ints(models),
          own.doubles(square),
          own.doubles(square),
          own.doubles(row),
          own.doubles(row),
          own.doubles(row),
          own.doubles(row),
          own.ints(DeviceFactor.INFO * models),
          own.doubles((long) models * n * DeviceFactor.lead(p)),
          own.doubles(models),
          own.doubles((long) models * p));
    } catch (DeviceTooSmall e) {
      own.close();
      throw e;
    }
  }

  /// Room for that many vectors, or for as many as the memory holds.
  private void provide(int wished) {
    int models = Math.min(wished, stream.device().limit().models(n));
    if (batch.models() >= models) {
      return;
    }
    stream.synchronise();
    batch.arena().close();
    for (int wanted = models; ; wanted = (wanted + 1) / 2) {
      try {
        batch = allocate(wanted);
        return;
      } catch (DeviceTooSmall e) {
        if (wanted == 1) {
          throw e;
        }
      }
    }
  }

  /// @param outputs which column of outputs each vector is for
  /// @param thetas models × p
  /// @param values out: models; -∞ where the covariance is not positive definite
  /// @param gradients out: models × p
  @Override
  public void evaluate(int[] outputs, double[] thetas, double[] values, double[] gradients) {
    int models = outputs.length;
    provide(models);
    for (int from = 0; from < models; from += batch.models()) {
      int count = Math.min(batch.models(), models - from);
      stream.upload(thetas, from * p, count * p, batch.theta());
      stream.upload(Arrays.copyOfRange(outputs, from, from + count), batch.column());
      enqueue(count);
      stream.download(batch.value(), values, from, count);
      stream.download(batch.gradient(), gradients, from * p, count * p);
    }
  }

  private void enqueue(int models) {
    int d = data.dimension();
    int lead = DeviceFactor.lead(n);
    long square = (long) n * lead;
    var b = batch;
    stream.launch(
        "hyperparameters",
        DeviceFactor.blocks((long) models * p, 256),
        1,
        1,
        0,
        program,
        d,
        p,
        models,
        b.theta(),
        b.natural());
    DeviceFactor.covariance(
        stream,
        program,
        d,
        p,
        data.categorical(),
        b.natural(),
        data.x(),
        data.stride(),
        n,
        true,
        0.0,
        b.factor(),
        lead,
        square,
        models);
    DeviceFactor.cholesky(stream, b.factor(), lead, square, n, models, true, b.info());
    int rows = DeviceFactor.blocks(n, 256);
    stream.launch(
        "residuals",
        rows,
        models,
        1,
        0,
        data.y(),
        data.stride(),
        b.column(),
        b.natural().from(p - 1),
        p,
        n,
        b.residual(),
        lead);
    var squares = new FactorProducts.Squares(b.factor(), lead, square, n, models, b.info());
    var products = new FactorProducts(stream, squares);
    var row = new FactorProducts.Rows(1, DeviceArray.NULL, lead, lead);
    products.solve(false, row, b.residual(), b.half(), b.off());
    products.solve(true, row, b.half(), b.alpha(), b.off());
    DeviceFactor.multiply(stream, n, n, models, 1, b.factor(), true, 0, b.inverse(), b.info());
    stream.launch(
        "likelihood_rows",
        n,
        models,
        1,
        DeviceFactor.GRADIENT_SHARED + 8 * p,
        program,
        d,
        p,
        data.categorical(),
        b.natural(),
        data.x(),
        data.stride(),
        n,
        b.alpha(),
        b.factor(),
        b.inverse(),
        square,
        b.info(),
        b.partial());
    stream.launch(
        "likelihood",
        models,
        1,
        1,
        DeviceFactor.COLUMN_SHARED,
        p,
        b.natural(),
        n,
        b.residual(),
        b.alpha(),
        b.partial(),
        b.info(),
        b.value(),
        b.gradient());
  }

  @Override
  public void close() {
    stream.settle();
    batch.arena().close();
    arena.close();
  }
}
