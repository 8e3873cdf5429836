package dev.assay.device.tornado;

import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/// Conditioned models: their factors stay on the device while they predict.
final class PosteriorGraphs extends ResidentGraphs {
  static final String CONDITION = "condition";
  static final String APPEND = "append";
  static final String RELABEL = "relabel";
  static final String PREDICT = "predict";
  static final String DERIVE = "derive";
  static final String JOINT = "joint";

  /// Of each group: its covariance, θ, jitter, k(x, x).
  final IntArray program;

  final DoubleArray natural;
  final DoubleArray jitter;
  final DoubleArray prior;

  /// Of each model: its group, its column of outputs.
  final IntArray matrix;

  final IntArray column;

  /// Which group [#JOINT] is for.
  final IntArray which = new IntArray(1);

  /// Of each group: 1 where its covariance was not positive definite.
  final IntArray info;

  final DoubleArray points;
  final DoubleArray means;
  final DoubleArray variances;
  final DoubleArray dMeans;
  final DoubleArray dVariances;
  final DoubleArray gradients;
  final DoubleArray joint;

  private final DoubleArray factor;
  private final DoubleArray inverse; // of the factor
  private final DoubleArray alpha;
  private final DoubleArray work;

  /// Covariances with the points, and once the halves are there what they were made of is not
  /// needed any more: then K⁻¹ times them.
  private final DoubleArray cross;

  private final DoubleArray half;

  PosteriorGraphs(Accelerator accelerator, ShapeClass shape) {
    super(accelerator, shape);
    int groups = shape.matrices();
    int wide = shape.points();
    program = new IntArray(groups * CovarianceKernels.WORDS);
    natural = new DoubleArray(groups * shape.parameters());
    jitter = new DoubleArray(groups);
    prior = new DoubleArray(groups);
    matrix = new IntArray(shape.models());
    column = new IntArray(shape.models());
    factor = keptDoubles(shape.entries());
    inverse = keptDoubles(shape.entries());
    alpha = keptDoubles(shape.models() * shape.rows());
    work = keptDoubles(2 * Math.max(groups, shape.models()) * shape.rows());
    cross = keptDoubles(groups * shape.rows() * wide);
    half = keptDoubles(groups * shape.rows() * wide);
    points = new DoubleArray(shape.dimensions() * wide);
    info = new IntArray(groups);
    means = new DoubleArray(shape.models() * wide);
    variances = new DoubleArray(groups * wide);
    dMeans = new DoubleArray(shape.models() * wide);
    dVariances = new DoubleArray(groups * wide);
    gradients = new DoubleArray(shape.dimensions() * wide);
    joint = new DoubleArray(wide * wide);
    stage(CONDITION, this::condition);
    stage(APPEND, this::append);
    stage(RELABEL, this::relabel);
    stage(PREDICT, this::predict);
    stage(DERIVE, this::derive);
    stage(JOINT, this::joint);
    build();
  }

  private void condition(TaskGraph graph) {
    graph.transferToDevice(
        DataTransferMode.EVERY_EXECUTION, program, natural, jitter, prior, matrix, column);
    graph.task(
        "covariance",
        CovarianceKernels::covariance,
        context,
        control,
        program,
        categorical,
        natural,
        jitter,
        x,
        factor);
    graph.task("cholesky", FactorKernels::cholesky, context, control, factor, info);
    graph.task("inverse", FactorKernels::invertFactor, context, control, factor, inverse);
    weights(graph);
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, info);
    spread(CONDITION + ".covariance");
    grouped(CONDITION + ".cholesky", shape.matrices());
    grouped(CONDITION + ".inverse", shape.matrices() * shape.panels());
    grouped(CONDITION + ".weights", shape.models());
  }

  private void weights(TaskGraph graph) {
    graph.task(
        "weights",
        VectorKernels::weights,
        context,
        control,
        matrix,
        column,
        natural,
        y,
        factor,
        inverse,
        work,
        alpha);
  }

  private void append(TaskGraph graph) {
    graph.transferToDevice(
        DataTransferMode.EVERY_EXECUTION, program, natural, jitter, prior, matrix, column);
    graph.task(
        "row",
        ExtensionKernels::lastRow,
        context,
        control,
        program,
        categorical,
        natural,
        x,
        factor);
    graph.task(
        "extend",
        ExtensionKernels::extend,
        context,
        control,
        natural,
        jitter,
        prior,
        factor,
        inverse,
        work,
        info);
    weights(graph);
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, info);
    spread(APPEND + ".row");
    grouped(APPEND + ".extend", shape.matrices());
    grouped(APPEND + ".weights", shape.models());
  }

  private void relabel(TaskGraph graph) {
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, natural, matrix, column);
    weights(graph);
    grouped(RELABEL + ".weights", shape.models());
  }

  private void predict(TaskGraph graph) {
    graph.transferToDevice(
        DataTransferMode.EVERY_EXECUTION, program, natural, prior, matrix, points);
    graph.task(
        "cross",
        PosteriorKernels::crossCovariance,
        context,
        control,
        program,
        categorical,
        natural,
        x,
        points,
        cross);
    graph.task(
        "means", PosteriorKernels::means, context, control, matrix, natural, alpha, cross, means);
    graph.task("halves", ProductKernels::halves, context, control, inverse, cross, half);
    graph.task("variances", PosteriorKernels::variances, context, control, prior, half, variances);
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, means, variances);
    spread(PREDICT + ".cross");
    spread(PREDICT + ".means");
    multiplied(PREDICT + ".halves");
    spread(PREDICT + ".variances");
  }

  private void derive(TaskGraph graph) {
    graph.transferToDevice(
        DataTransferMode.EVERY_EXECUTION, program, natural, matrix, points, dMeans, dVariances);
    graph.task("wholes", ProductKernels::wholes, context, control, inverse, half, cross);
    graph.task(
        "gradients",
        PosteriorKernels::gradients,
        context,
        control,
        program,
        categorical,
        matrix,
        natural,
        x,
        alpha,
        points,
        cross,
        dMeans,
        dVariances,
        gradients);
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, gradients);
    multiplied(DERIVE + ".wholes");
    spread(DERIVE + ".gradients");
  }

  private void joint(TaskGraph graph) {
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, which, program, natural, points);
    graph.task(
        "joint",
        PosteriorKernels::joint,
        context,
        control,
        which,
        program,
        categorical,
        natural,
        points,
        half,
        joint);
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, joint);
    spread(JOINT + ".joint");
  }
}
