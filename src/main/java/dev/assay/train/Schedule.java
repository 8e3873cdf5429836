package dev.assay.train;

/// How the learning rate goes from epoch to epoch.
public enum Schedule {
  CONSTANT,
  /// Half a cosine, from the whole rate to nothing (Loshchilov and Hutter 2017, Eq. 5, without
  /// restarts).
  COSINE,
  /// A tenth after half of the epochs, a hundredth after three quarters.
  STEP;

  /// The share of the learning rate that an epoch has.
  ///
  /// @param epoch from 1 to epochs
  public double factor(int epoch, int epochs) {
    double done = (epoch - 1.0) / epochs;
    return switch (this) {
      case CONSTANT -> 1;
      case COSINE -> (1 + StrictMath.cos(Math.PI * done)) / 2;
      case STEP -> done < 0.5 ? 1 : done < 0.75 ? 0.1 : 0.01;
    };
  }
}
