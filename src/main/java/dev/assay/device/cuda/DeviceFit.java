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

/// Fits of hyperparameters in one launch for each batch: a block of the device takes a start from
/// its first evaluation to its end. For as many observations as a block's shared memory holds.
final class DeviceFit {
  private static final int THREADS = 256;

  /// Numbers of shared memory beside the triangle: gradients, rows of pairs, the end.
  private static final int SCRATCH = DeviceFactor.GRADIENT_SHARED / 8 + THREADS / 2 + 1;

  /// Squared observations times coordinates times evaluations of one launch, where a driver ends
  /// those that take seconds: an estimated fifth of one on a consumer's card.
  private static final double MOST_WORK = 1e7;

  private final CudaStream stream;
  private final DeviceObservations data;

  DeviceFit(CudaStream stream, DeviceObservations data) {
    this.stream = stream;
    this.data = data;
  }

  /// Whether it takes these; the host steers the others ([HyperparameterFit]).
  static boolean takes(CudaDevice device, DeviceObservations data, List<GpSession.FitTask> tasks) {
    int n = data.size();
    int evaluations = tasks.stream().mapToInt(GpSession.FitTask::maxEvaluations).max().orElse(0);
    double work = (double) n * n * data.dimension() * evaluations;
    boolean inTime = !device.endsLongLaunches() || work < MOST_WORK;
    return n <= most(device.sharedBytes()) && inTime;
  }

  /// The most observations whose covariance fits.
  static int most(int sharedBytes) {
    int n = 0;
    while (shared(n + 1) <= sharedBytes) {
      n++;
    }
    return n;
  }

  /// Bytes of a block.
  private static long shared(long n) {
    return 8 * (n * (n + 3) / 2 + SCRATCH);
  }

  /// Numbers of a start: `fit_vectors` in `fit.cu`.
  private static int vectors(int p) {
    int history = HyperparameterFit.HISTORY;
    return p * (6 + 2 * history) + history + 5;
  }

  /// One fit for each task.
  List<GpSession.Fit> fit(List<GpSession.FitTask> tasks) {
    var batches = FitBatch.of(tasks);
    var ends = new double[batches.stream().mapToInt(DeviceFit::ends).sum()];
    try (var arena = stream.device().memory().arena()) {
      var found = arena.doubles(ends.length);
      int at = 0;
      try {
        for (var batch : batches) {
          if (batch.size() > 0) {
            enqueue(batch, arena, found.from(at));
          }
          at += ends(batch);
        }
        stream.download(found, ends);
      } finally {
        stream.settle(); // should one batch not fit, those before it still run
      }
    }
    var read = new ArrayList<FitBatch.Ends>();
    int at = 0;
    for (var batch : batches) {
      read.add(read(batch, ends, at));
      at += ends(batch);
    }
    return FitBatch.best(batches, read);
  }

  /// Numbers in which the ends of a batch are told: θ, log posterior, evaluations.
  private static int ends(FitBatch batch) {
    return batch.size() * (batch.prior().size() + 2);
  }

  private static FitBatch.Ends read(FitBatch batch, double[] ends, int from) {
    int p = batch.prior().size();
    var thetas = new double[batch.size() * p];
    var logPosteriors = new double[batch.size()];
    var evaluations = new int[batch.size()];
    for (int r = 0; r < batch.size(); r++) {
      int at = from + r * (p + 2);
      System.arraycopy(ends, at, thetas, r * p, p);
      logPosteriors[r] = ends[at + p];
      evaluations[r] = (int) ends[at + p + 1];
    }
    return new FitBatch.Ends(thetas, logPosteriors, evaluations);
  }

  private void enqueue(FitBatch batch, DeviceMemory.Arena arena, DeviceArray ends) {
    int d = data.dimension();
    int n = data.size();
    var program = new CovarianceProgram(batch.covariance(), d);
    int p = program.size();
    var prior = batch.prior();
    var search = HyperparameterFit.search(batch.maxEvaluations());
    long resident = shared(n) + 8L * vectors(p);
    boolean fits = resident <= stream.device().sharedBytes();
    stream.launch(
        "fit",
        batch.size(),
        1,
        1,
        Math.toIntExact(fits ? resident : shared(n)),
        stream.place(program.words(), arena),
        d,
        p,
        data.categorical(),
        data.x(),
        data.stride(),
        data.y(),
        data.stride(),
        n,
        stream.place(batch.outputs(), arena),
        stream.place(joined(prior.low(), prior.high()), arena),
        stream.place(prior.priors().stream().mapToInt(DeviceFit::kind).toArray(), arena),
        stream.place(numbers(prior), arena),
        batch.maxEvaluations(),
        search.gradientTolerance(),
        search.valueTolerance(),
        stream.place(batch.starts(), arena),
        fits ? DeviceArray.NULL : arena.doubles((long) batch.size() * vectors(p)),
        fits ? 1 : 0,
        arena.doubles((long) batch.size() * n * (n + 1) / 2),
        ends);
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
