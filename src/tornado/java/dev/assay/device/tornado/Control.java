package dev.assay.device.tornado;

/// Where sizes and strides stand in the array `control` that every kernel gets.
final class Control {
  /// n, d, p, R.
  static final int ROWS = 0;

  static final int DIMENSION = 1;
  static final int PARAMETERS = 2;
  static final int MATRICES = 3;

  /// How many models, and at how many points.
  static final int MODELS = 4;

  static final int POINTS = 5;

  /// Capacities: the strides of the arrays.
  static final int ROW_STRIDE = 6;

  static final int PARAMETER_STRIDE = 7;
  static final int POINT_STRIDE = 8;

  static final int LENGTH = 9;

  private Control() {}
}
