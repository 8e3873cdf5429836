package dev.assay.device.cuda;

import dev.assay.device.Timing;
import dev.assay.engine.CovarianceProgram;
import dev.assay.gp.RadialCovariance;
import dev.assay.random.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Times covariance matrices and Cholesky factorisations alone, device synchronised.
final class KernelTimings {
  private static final int D = 20;

  private final CudaDevice device;
  private final boolean quick;
  private final List<Timing> timings = new ArrayList<>();

  KernelTimings(CudaDevice device, boolean quick) {
    this.device = device;
    this.quick = quick;
  }

  List<Timing> run() {
    int[] sizes = quick ? new int[] {64} : new int[] {1000, 4000, 10_000};
    for (int n : sizes) {
      time(n, 1);
    }
    time(quick ? 48 : 512, quick ? 4 : 64);
    return List.copyOf(timings);
  }

  private void time(int n, int models) {
    long stride = (long) n * n;
    var structure = new CovarianceProgram(new RadialCovariance.Matern52(), D);
    int p = structure.size();
    var theta = new double[models * p]; // length scales of 1: well conditioned with this noise
    for (int r = 0; r < models; r++) {
      theta[r * p + p - 2] = Math.log(1e-2);
    }
    var covariances = new ArrayList<Double>();
    var factorisations = new ArrayList<Double>();
    try (var stream = device.stream();
        var arena = device.memory().arena()) {
      var program = stream.place(structure.words(), arena);
      var categorical = stream.place(new int[D], arena);
      var x = stream.place(new Philox(n, 0).doubles((long) D * n).toArray(), arena);
      var uploaded = stream.place(theta, arena);
      var natural = arena.doubles(theta.length);
      var k = arena.doubles(models * stride);
      var diagonals = arena.doubles(32L * 32 * models);
      var info = arena.ints(models);
      stream.launch(
          "hyperparameters",
          DeviceFactor.blocks(theta.length, 256),
          1,
          1,
          0,
          program,
          D,
          p,
          models,
          uploaded,
          natural);
      var failed = new int[models];
      for (int run = 0; run <= (quick ? 3 : 20); run++) {
        stream.synchronise();
        long start = System.nanoTime();
        DeviceFactor.covariance(
            stream, program, D, p, categorical, natural, x, n, n, true, 0.0, k, n, stride, models);
        stream.synchronise();
        long between = System.nanoTime();
        DeviceFactor.cholesky(stream, k, n, stride, n, models, diagonals, info);
        stream.synchronise();
        long end = System.nanoTime();
        if (run > 0) {
          covariances.add((between - start) * 1e-6);
          factorisations.add((end - between) * 1e-6);
        }
      }
      stream.download(info, failed);
      if (Arrays.stream(failed).anyMatch(f -> f != 0)) {
        throw new IllegalStateException("not positive definite: the times mean nothing");
      }
    }
    var parameters =
        Map.of("n", Integer.toString(n), "matrices", Integer.toString(models), "precision", "FP64");
    timings.add(new Timing("covariance", parameters, covariances));
    timings.add(new Timing("cholesky", parameters, factorisations));
  }
}
