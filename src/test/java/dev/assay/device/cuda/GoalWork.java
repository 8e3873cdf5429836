package dev.assay.device.cuda;

import dev.assay.gp.CovarianceFunction;
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
import dev.assay.random.Streams;
import dev.assay.train.Column;
import dev.assay.train.DataSet;
import dev.assay.train.Lane;
import dev.assay.train.Model;
import dev.assay.train.Shape;
import dev.assay.train.Target;
import dev.assay.train.TrainEngine.Precision;
import dev.assay.train.TrainPlan;
import dev.assay.train.TrainerSettings;
import dev.assay.train.Validation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// A process of [GoalRows]: some of a goal's work on the stand-in, which counts what kernels do.
final class GoalWork {
  private static final int D = 20;

  private GoalWork() {}

  /// @param arguments the work, how much of it, and its sizes; what follows is for [GoalRows]
  public static void main(String[] arguments) throws InterruptedException {
    int units = Integer.parseInt(arguments[1]);
    var sizes = Arrays.stream(arguments).skip(2).toList();
    StandIn.use();
    switch (arguments[0]) {
      case "fit" -> fit(size(sizes, 0), units);
      case "suggest" -> suggest(size(sizes, 0), units, usual(), 1);
      case "drowned" -> suggest(size(sizes, 0), units, drowned(), DROWNED / size(sizes, 0));
      case "starts" -> starts(size(sizes, 0), units, sizes.get(1));
      case "exact" -> exact(size(sizes, 0), units, sizes.get(1));
      case "screened" -> screened(size(sizes, 0), units);
      case "likelihood" -> likelihood(size(sizes, 0), units);
      case "cholesky" -> cholesky(size(sizes, 0), size(sizes, 1), units);
      case "covariance" -> covariance(size(sizes, 0), units);
      case "training" ->
          training(Precision.valueOf(sizes.getFirst()), size(sizes, 1), size(sizes, 2), units);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static int size(List<String> sizes, int index) {
    return Integer.parseInt(sizes.get(index));
  }

  private static double[] points(int n) {
    return new Philox(11, n).doubles((long) n * D).toArray();
  }

  /// The variance of noise beside which covariances of 1 make no difference: what a sample of
  /// blocks leaves undone then is next to nothing, no factor fails and no inverse is off.
  private static final double DROWNED = 1e20;

  private static double[] outputs(double[] x) {
    return IntStream.range(0, x.length / D)
        .mapToDouble(i ->
            IntStream.range(0, D).mapToDouble(j -> Math.sin(3 * x[i * D + j] + j) / (1 + j)).sum())
        .toArray();
  }

  private static GpSession observed(int n) {
    return observed(points(n));
  }

  private static GpSession observed(double[] x) {
    var session = new CudaGpEngine(StandIn.device()).open(Box.continuous(D));
    session.observe(x, new double[][] {outputs(x)});
    return session;
  }

  /// Scales of 1 and a noise of a thousandth.
  private static GpSession.Model usual() {
    return noisy(1e-3);
  }

  private static GpSession.Model drowned() {
    return noisy(DROWNED);
  }

  private static GpSession.Model noisy(double variance) {
    var covariance = CovarianceFunction.product();
    var theta = new double[new CovarianceProgram(covariance, D).size()];
    theta[theta.length - 2] = Math.log(variance);
    return new GpSession.Model(covariance, theta, 0);
  }

  /// Hardly any noise.
  private static GpSession.Model smooth() {
    var covariance = new RadialCovariance.Rbf();
    var theta = new double[new CovarianceProgram(covariance, D).size()];
    Arrays.fill(theta, 1, 1 + D, Math.log(0.5));
    theta[theta.length - 2] = Math.log(1e-11);
    return new GpSession.Model(covariance, theta, 0);
  }

  /// Nearly singular: observations in a row. Their factor's inverse is one that products are off
  /// by.
  private static GpSession conditioned(int n, String condition) {
    boolean singular = condition.equals("singular");
    var x = points(n);
    for (int i = 0; i < x.length && singular; i++) {
      x[i] = i % D == 0 ? i / (double) x.length : 0.5;
    }
    var session = observed(x);
    session.condition(List.of(singular ? smooth() : usual()));
    return session;
  }

  private static LogExpectedImprovement improvement() {
    return new LogExpectedImprovement(0, -1);
  }

  /// So many evaluations of the likelihood from one start.
  private static void fit(int n, int evaluations) {
    var covariance = CovarianceFunction.product();
    var prior = Hyperprior.of(covariance, D, PriorFamily.DIMENSION_SCALED, OptionalDouble.empty());
    try (var session = observed(n)) {
      if (evaluations == 0) {
        return;
      }
      var task = new GpSession.FitTask(covariance, 0, prior, prior.start(), evaluations);
      int made = session.fit(List.of(task)).getFirst().evaluations();
      if (made != evaluations) {
        throw new IllegalStateException("the fit ended after " + made + " evaluations");
      }
    }
  }

  /// So many evaluations of the likelihood at one vector.
  private static void likelihood(int n, int evaluations) {
    var model = drowned();
    int p = model.theta().length;
    try (var stream = StandIn.device().stream();
        var arena = StandIn.device().memory().arena()) {
      var data = new DeviceObservations(stream, arena, new boolean[D]);
      var x = points(n);
      data.set(x, new double[][] {outputs(x)});
      try (var likelihood = new DeviceLikelihood(stream, data, model.covariance())) {
        for (int i = 0; i < evaluations; i++) {
          likelihood.evaluate(new int[1], model.theta(), new double[1], new double[p]);
        }
      }
    }
  }

  /// What comes after a fit: a model is conditioned, its acquisition maximised.
  ///
  /// @param scale of the outputs
  private static void suggest(int n, int units, GpSession.Model model, double scale) {
    var x = points(n);
    var session = new CudaGpEngine(StandIn.device()).open(Box.continuous(D));
    try (session) {
      session.observe(x, new double[][] {Arrays.stream(outputs(x)).map(y -> scale * y).toArray()});
      if (units > 0) {
        session.condition(List.of(model));
        session.maximise(improvement(), MaximiserPlan.of(new double[0], 3), CandidateRule.ANY);
      }
    }
  }

  /// So many steps from a thousand starts, the best of two thousand points.
  private static void starts(int n, int steps, String condition) {
    try (var session = conditioned(n, condition)) {
      if (steps > 0) {
        var plan = new MaximiserPlan(2000, 0, 0, 1000, steps, new double[0], 5);
        session.maximise(improvement(), plan, CandidateRule.ANY);
      }
    }
  }

  private static void exact(int n, int candidates, String condition) {
    var x = new Philox(12, n).doubles((long) candidates * D).toArray();
    try (var session = conditioned(n, condition)) {
      session.acquisition(improvement(), x, new double[candidates]);
    }
  }

  private static void screened(int n, int candidates) {
    try (var session = conditioned(n, "usual")) {
      if (candidates > 0) {
        session.screen(improvement(), CandidateNet.of(Box.continuous(D), candidates, 4), 1);
      }
    }
  }

  /// Matrices whose diagonal outweighs what is beside it.
  private static void cholesky(int n, int models, int times) {
    if (times == 0) {
      return;
    }
    var k = new Philox(13, n).doubles((long) n * n).toArray();
    for (int i = 0; i < n; i++) {
      k[i * n + i] += n;
    }
    try (var stream = StandIn.device().stream();
        var arena = StandIn.device().memory().arena()) {
      long stride = (long) n * n;
      var matrices = arena.doubles(models * stride);
      for (int i = 0; i < models; i++) {
        stream.upload(k, matrices.from(i * stride));
      }
      var info = arena.ints(DeviceFactor.INFO * models);
      DeviceFactor.cholesky(stream, matrices, n, stride, n, models, false, info);
      var failed = new int[models];
      stream.download(info, failed);
      if (Arrays.stream(failed).anyMatch(order -> order != 0)) {
        throw new IllegalStateException("a matrix is not positive definite");
      }
    }
  }

  private static void covariance(int n, int times) {
    var model = usual();
    var program = new CovarianceProgram(model.covariance(), D);
    try (var stream = StandIn.device().stream();
        var arena = StandIn.device().memory().arena()) {
      var words = stream.place(program.words(), arena);
      var x = stream.place(points(n), arena);
      var natural = new double[program.size()];
      Arrays.fill(natural, 1);
      var k = arena.doubles((long) n * n);
      if (times > 0) {
        DeviceFactor.covariance(
            stream,
            words,
            D,
            program.size(),
            stream.place(new int[D], arena),
            stream.place(natural, arena),
            x,
            n,
            n,
            true,
            0.0,
            k,
            n,
            0L,
            1);
      }
      stream.settle();
    }
  }

  /// So many epochs of a lane of 64 inputs and 10 classes.
  private static void training(Precision precision, int hidden, int rows, int epochs)
      throws InterruptedException {
    int all = rows * 10 / 9;
    var random = new Philox(14, rows);
    var features = new float[all * 64];
    var labels = new int[all];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextDouble();
    }
    for (int i = 0; i < all; i++) {
      labels[i] = i % 10;
    }
    var columns =
        IntStream.range(0, 64).<Column>mapToObj(j -> new Column.Numeric("x" + j)).toList();
    var classes = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    var data = new DataSet("made", columns, new Target.Classes("y", classes, labels), features);
    var folded = new Validation.HoldOut(0.1).apply(data, new Streams(4));
    Map<String, Object> parameters =
        Map.of("hidden", hidden, "epochs", 8, "batch_size", 128, "optimizer", "adam");
    var lane = new Lane(TrainerSettings.of(Model.named("mlp"), parameters), 0, 40);
    var plan = new TrainPlan(Shape.of(lane.settings(), data), folded, List.of(lane));
    try (var session = new CudaTrainEngine(StandIn.device(), precision).open(plan)) {
      session.advance(epochs);
    }
  }
}
