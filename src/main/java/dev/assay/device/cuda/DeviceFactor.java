package dev.assay.device.cuda;

/// Covariance matrices, Cholesky factors, triangular solves and products of R matrices of one size
/// on a stream.
final class DeviceFactor {
  private static final int PANEL = 32;
  private static final int TILE = 64;

  /// Right-hand sides, or candidates, of one block.
  static final int SIDES = 16;

  private static final int EDGE = 16; // of a block's tile of a covariance

  /// Bytes of shared memory: the kernels' layouts.
  private static final int PANEL_SHARED = 8 * 33 * (PANEL + TILE) + 16;

  private static final int UPDATE_SHARED = 8 * 33 * 2 * TILE;

  static final int SOLVE_SHARED = 8 * 33 * (PANEL + 2 * SIDES);

  /// `gradient_scratch` in `covariance.cuh`.
  static final int GRADIENT_SHARED = 8 * (4 * 256 + 32);

  /// Up to this size one block factors a matrix faster than launches for each panel do; a guess
  /// until measured on a device.
  private static final int MOST_SMALL = 160;

  private DeviceFactor() {}

  static int blocks(long count, int each) {
    return (int) ((count + each - 1) / each);
  }

  /// K := k(X, X), the lower triangles.
  ///
  /// @param program of a covariance function in d coordinates with p hyperparameters
  /// @param natural models × p
  /// @param x d × n at the stride `ldx`
  /// @param noisy whether the diagonal has the noise
  /// @param extra what is added to the diagonal
  /// @param lead leading dimension
  /// @param stride numbers from one matrix to the next
  static void covariance(
      CudaStream stream,
      DeviceArray program,
      int d,
      int p,
      DeviceArray categorical,
      DeviceArray natural,
      DeviceArray x,
      int ldx,
      int n,
      boolean noisy,
      double extra,
      DeviceArray k,
      int lead,
      long stride,
      int models) {
    boolean tiled = isTiled(stream.device(), n, d, models);
    int tiles = blocks(n, tiled ? TILE : EDGE);
    stream.launch(
        tiled ? "covariance_tiles" : "covariance_matrix",
        tiles,
        tiles,
        models,
        tiled ? tileBytes(d) : 0,
        program,
        d,
        p,
        categorical,
        natural,
        x,
        ldx,
        n,
        noisy ? 1 : 0,
        extra,
        k,
        lead,
        stride);
  }

  private static int tileBytes(int d) {
    return 8 * 2 * TILE * d;
  }

  /// Whether a covariance is made in large tiles, of which a thread reads each coordinate once for
  /// four pairs: where they keep every multiprocessor busy and their points fit its shared memory.
  static boolean isTiled(CudaDevice device, int n, int d, int models) {
    long tiles = blocks(n, TILE);
    return tiles * (tiles + 1) / 2 * models >= device.multiprocessors()
        && tileBytes(d) <= device.sharedBytes();
  }

  /// K := L in place.
  ///
  /// @param lead leading dimension
  /// @param stride numbers from one matrix to the next
  /// @param diagonals workspace of R × 32 × 32
  /// @param info R integers: set to 0, or to the order of the minor that is not positive definite
  static void cholesky(
      CudaStream stream,
      DeviceArray k,
      int lead,
      long stride,
      int n,
      int models,
      DeviceArray diagonals,
      DeviceArray info) {
    stream.clear(info, 4L * models);
    int packed = 8 * (n * (n + 1) / 2);
    if (n <= MOST_SMALL && packed <= stream.device().sharedBytes()) {
      if (n > 0) {
        stream.launch("cholesky_small", models, 1, 1, packed, k, lead, stride, n, info);
      }
      return;
    }
    for (int column = 0; column < n; column += PANEL) {
      int tiles = Math.max(1, blocks(n - column - PANEL, TILE));
      stream.launch(
          "cholesky_panel",
          tiles,
          models,
          1,
          PANEL_SHARED,
          k,
          lead,
          stride,
          n,
          column,
          diagonals,
          info);
      stream.launch(
          "cholesky_update",
          tiles,
          tiles,
          models,
          UPDATE_SHARED,
          k,
          lead,
          stride,
          n,
          column,
          diagonals,
          info);
    }
  }

  /// Every row b of the m × n matrices B := L⁻¹ b, or L⁻ᵀ b.
  static void solve(
      CudaStream stream,
      boolean transposed,
      DeviceArray l,
      int lead,
      long stride,
      int n,
      int models,
      DeviceArray b,
      int leadB,
      long strideB,
      int m,
      DeviceArray info) {
    if (n > 0) {
      stream.launch(
          transposed ? "solve_lower_transposed" : "solve_lower",
          blocks(m, SIDES),
          models,
          1,
          SOLVE_SHARED,
          l,
          lead,
          stride,
          n,
          b,
          leadB,
          strideB,
          m,
          info);
    }
  }

  /// V := (L⁻¹)ᵀ, then C := V Vᵀ = K⁻¹, the lower triangle; n × n each, densely packed.
  static void invert(
      CudaStream stream,
      DeviceArray l,
      int n,
      int models,
      DeviceArray v,
      DeviceArray c,
      DeviceArray info) {
    invertFactor(stream, l, n, models, v, info);
    multiply(stream, n, n, models, 1, v, true, 0, c, info);
  }

  /// V := (L⁻¹)ᵀ, n × n, densely packed; as it was where `info` is not 0.
  static void invertFactor(
      CudaStream stream, DeviceArray l, int n, int models, DeviceArray v, DeviceArray info) {
    long stride = (long) n * n;
    stream.launch(
        "invert_lower",
        blocks(n, SIDES),
        models,
        1,
        SOLVE_SHARED,
        l,
        n,
        stride,
        n,
        v,
        n,
        stride,
        info);
  }

  /// The lower triangles of C := α A Aᵀ + β C, A: n × k, densely packed.
  static void multiply(
      CudaStream stream,
      int n,
      int k,
      int models,
      double alpha,
      DeviceArray a,
      boolean triangular,
      double beta,
      DeviceArray c,
      DeviceArray info) {
    int tiles = blocks(n, TILE);
    stream.launch(
        "multiply_rows",
        tiles,
        tiles,
        models,
        UPDATE_SHARED,
        n,
        k,
        alpha,
        a,
        k,
        (long) n * k,
        triangular ? 1 : 0,
        beta,
        c,
        n,
        (long) n * n,
        info);
  }
}
