package dev.assay.device.cuda;

import dev.assay.gp.Prior;
import dev.assay.internal.engine.CovarianceProgram;
import dev.assay.internal.engine.FitBatch;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.engine.HyperparameterFit;
import dev.assay.internal.gp.Hyperprior;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Fits of hyperparameters: evaluations and steps of all starts of a batch are queued on the
/// device, which the host asks now and then whether any start goes on. For as many observations as
/// a block's shared memory holds; the host steers the others ([HyperparameterFit]).
final class DeviceFit {
  private static final int THREADS = 256;

  /// Evaluations that are queued at once. What is queued for starts that have ended takes some
  /// microseconds each.
  private static final int ROUND = 8;

  /// Numbers that a block adds its threads' up in.
  private static final int SCRATCH = 32;

  private final CudaStream stream;
  private final DeviceObservations data;

  DeviceFit(CudaStream stream, DeviceObservations data) {
    this.stream = stream;
    this.data = data;
  }

  /// The most observations whose covariance fits: each has a thread, as has the row of residuals.
  static int most(int sharedBytes) {
    int n = 0;
    while (n + 1 < THREADS && factorShared(n + 1) <= sharedBytes) {
      n++;
    }
    return n;
  }

  /// Bytes of a block that factors.
  private static int factorShared(int n) {
    return 8 * (n * (n + 3) / 2 + 4 * (n + 1) + SCRATCH);
  }

  /// Numbers of triangles of n rows in device memory: `spread_row` in `cholesky.cuh`.
  static int spread(int n) {
    return 4 * (n / 4 + 1) * (n / 4 * 2 + n % 4);
  }

  /// Numbers of a start: `fit_vectors` in `fit.cu`.
  private static int vectors(int p) {
    return 3 * p + DeviceAscent.state(p, HyperparameterFit.HISTORY);
  }

  /// One fit for each task.
  List<GpSession.Fit> fit(List<GpSession.FitTask> tasks) {
    var batches = FitBatch.of(tasks);
    var read = new ArrayList<FitBatch.Ends>();
    for (var batch : batches) {
      var ends = new double[batch.size() * (batch.prior().size() + 2)];
      if (batch.size() > 0) {
        try (var arena = stream.device().memory().arena()) {
          try {
            run(batch, arena, ends);
          } finally {
            stream.settle();
          }
        }
      }
      read.add(read(batch, ends));
    }
    return FitBatch.best(batches, read);
  }

  private static FitBatch.Ends read(FitBatch batch, double[] ends) {
    int p = batch.prior().size();
    var thetas = new double[batch.size() * p];
    var logPosteriors = new double[batch.size()];
    var evaluations = new int[batch.size()];
    for (int r = 0; r < batch.size(); r++) {
      int at = r * (p + 2);
      System.arraycopy(ends, at, thetas, r * p, p);
      logPosteriors[r] = ends[at + p];
      evaluations[r] = (int) ends[at + p + 1];
    }
    return new FitBatch.Ends(thetas, logPosteriors, evaluations);
  }

  /// @param ends out: θ, log posterior and evaluations of each start
  private void run(FitBatch batch, DeviceMemory.Arena arena, double[] ends) {
    int d = data.dimension();
    int n = data.size();
    int starts = batch.size();
    var structure = new CovarianceProgram(batch.covariance(), d);
    int p = structure.size();
    var prior = batch.prior();
    var search = HyperparameterFit.search(batch.maxEvaluations());
    int blocks = DeviceFactor.blocks(spread(n), THREADS);
    int step = 8 * SCRATCH + DeviceFactor.COLUMN_SHARED;
    int whole = step + 8 * vectors(p);
    boolean resident = whole <= stream.device().sharedBytes();
    var program = stream.place(structure.words(), arena);
    var columns = stream.place(batch.outputs(), arena);
    var bounds = stream.place(joined(prior.low(), prior.high()), arena);
    var kinds = stream.place(prior.priors().stream().mapToInt(DeviceFit::kind).toArray(), arena);
    var numbers = stream.place(numbers(prior), arena);
    var vectors = arena.doubles((long) starts * vectors(p));
    var ended = arena.ints(starts);
    var triangles = arena.doubles((long) starts * spread(n + 1));
    var sums = arena.doubles(3L * starts);
    var partial = arena.doubles((long) starts * blocks * DeviceFactor.lead(p));
    var found = arena.doubles(ends.length);
    var theirs = stream.place(batch.starts(), arena);
    stream.launch("fit_begin", starts, 1, 1, 0, program, d, p, bounds, theirs, vectors, ended);
    Runnable evaluation =
        () -> {
          stream.launch(
              "fit_covariance",
              starts,
              DeviceFactor.blocks(spread(n + 1), THREADS),
              1,
              0,
              program,
              d,
              p,
              data.categorical(),
              data.x(),
              data.stride(),
              data.y(),
              data.stride(),
              n,
              columns,
              vectors,
              ended,
              triangles);
          stream.launch("fit_factor", starts, 1, 1, factorShared(n), n, ended, triangles, sums);
          stream.launch(
              "fit_slopes",
              starts,
              blocks,
              1,
              DeviceFactor.GRADIENT_SHARED + 4 * THREADS + 8 * p,
              program,
              d,
              p,
              data.categorical(),
              data.x(),
              data.stride(),
              n,
              vectors,
              ended,
              triangles,
              sums,
              partial);
          stream.launch(
              "fit_step",
              starts,
              1,
              1,
              resident ? whole : step,
              program,
              d,
              p,
              n,
              bounds,
              kinds,
              numbers,
              batch.maxEvaluations(),
              search.gradientTolerance(),
              search.valueTolerance(),
              vectors,
              resident ? 1 : 0,
              ended,
              sums,
              partial,
              found);
        };
    var over = new int[starts];
    for (int queued = 0; queued < batch.maxEvaluations(); ) {
      for (int last = Math.min(queued + ROUND, batch.maxEvaluations()); queued < last; queued++) {
        evaluation.run();
      }
      stream.download(ended, over);
      if (Arrays.stream(over).allMatch(end -> end != 0)) {
        break;
      }
    }
    stream.download(found, ends);
  }

  private static double[] joined(double[] left, double[] right) {
    var both = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    return both;
  }

  /// `PriorKind` in `fit.cu`.
  private static int kind(Prior prior) {
    return switch ((Prior.BuiltIn) prior) {
      case Prior.Flat _ -> 0;
      case Prior.Normal _ -> 1;
      case Prior.Gamma _ -> 2;
      case Prior.InverseSquare _ -> 3;
    };
  }

  private static double[] numbers(Hyperprior prior) {
    int p = prior.size();
    var numbers = new double[2 * p];
    for (int i = 0; i < p; i++) {
      switch ((Prior.BuiltIn) prior.priors().get(i)) {
        case Prior.Flat _ -> {}
        case Prior.Normal(double mean, double sd) -> {
          numbers[i] = mean;
          numbers[p + i] = sd;
        }
        case Prior.Gamma(double shape, double rate) -> {
          numbers[i] = shape;
          numbers[p + i] = rate;
        }
        case Prior.InverseSquare(double c) -> numbers[i] = c;
      }
    }
    return numbers;
  }
}
