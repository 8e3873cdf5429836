package dev.assay.device.cuda;

import dev.assay.device.Timing;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.acquisition.LogExpectedImprovement;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateNet;
import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.CovarianceProgram;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.engine.MaximiserPlan;
import dev.assay.internal.gp.Hyperprior;
import dev.assay.internal.gp.PriorFamily;
import dev.assay.random.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// Times covariance matrices and Cholesky factorisations alone, device synchronised; and every
/// launch of one search by events on the device.
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
    pass(); // loads
    timings.addAll(device.timed(this::pass));
    return List.copyOf(timings);
  }

  /// A fit, a screening and a maximum.
  private void pass() {
    int n = quick ? 40 : 1000;
    var covariance = new RadialCovariance.Matern52();
    var prior = Hyperprior.of(covariance, D, PriorFamily.DIMENSION_SCALED, OptionalDouble.empty());
    var random = new Philox(n, 1);
    var x = random.doubles((long) n * D).toArray();
    var y = new double[n];
    Arrays.setAll(y, _ -> random.nextGaussian());
    var box = Box.continuous(D);
    try (var session = new CudaGpEngine(device).open(box)) {
      session.observe(x, new double[][] {y});
      var task = new GpSession.FitTask(covariance, 0, prior, prior.start(), 4);
      var theta = session.fit(List.of(task)).getFirst().theta();
      session.condition(List.of(new GpSession.Model(covariance, theta, 0)));
      var function = new LogExpectedImprovement(0, -1);
      session.screen(function, CandidateNet.of(box, quick ? 500 : 1_000_000, 4), 1);
      session.maximise(function, MaximiserPlan.of(new double[0], 3), CandidateRule.ANY);
    }
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
      var info = arena.ints(DeviceFactor.INFO * models);
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
        DeviceFactor.cholesky(stream, k, n, stride, n, models, false, info);
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
