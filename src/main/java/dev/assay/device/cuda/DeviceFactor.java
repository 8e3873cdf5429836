package dev.assay.device.cuda;

/// Covariance matrices, Cholesky factors and products of R matrices of one size on a stream.
final class DeviceFactor {
  private static final int TILE = 64;

  private static final int EDGE = 16; // of a block's tile of a covariance

  /// Bytes of shared memory: the layouts in `cholesky.cu`.
  private static final int DIAGONAL_SHARED = 8 * TILE * (TILE + 1);

  private static final int PANEL_SHARED = 8 * TILE * (68 + 36);

  /// `gradient_scratch` in `covariance.cuh`.
  static final int GRADIENT_SHARED = 8 * (4 * 256 + 32);

  /// Bytes in which columns are added up: `COLUMN_SCRATCH` in `device.cuh`.
  static final int COLUMN_SHARED = 8 * 32 * 33;

  /// Up to this size one block factors a matrix faster than launches for each panel do; a guess
  /// until measured on a device.
  private static final int MOST_SMALL = 160;

  private DeviceFactor() {}

  static int blocks(long count, int each) {
    return (int) ((count + each - 1) / each);
  }

  /// The distance of rows of n numbers, such that each begins at a sector of memory: `row_lead` in
  /// `device.cuh`.
  static int lead(int n) {
    return (n + 3) / 4 * 4;
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

  /// Shared memory of two tiles' points, one of them a column wider.
  static int tileBytes(int d) {
    return 8 * (2 * TILE + 1) * d;
  }

  /// Rows of covariances between points and observations, m × n at [#lead].
  ///
  /// @param points m × d
  /// @param list which `count` of the points, or none: all
  static void cross(
      CudaStream stream,
      DeviceArray program,
      DeviceArray natural,
      DeviceObservations data,
      DeviceArray points,
      int m,
      DeviceArray list,
      DeviceArray count,
      int n,
      DeviceArray to) {
    int d = data.dimension();
    boolean tiled = m > EDGE && tileBytes(d) <= stream.device().sharedBytes();
    stream.launch(
        tiled ? "cross_tiles" : "cross_covariance",
        blocks(n, tiled ? TILE : 256),
        tiled ? blocks(m, TILE) : m,
        1,
        tiled ? tileBytes(d) : 0,
        program,
        d,
        data.categorical(),
        natural,
        points,
        m,
        list,
        count,
        data.x(),
        data.stride(),
        n,
        to,
        lead(n));
  }

  /// Whether a covariance is made in large tiles, of which a thread reads each coordinate once for
  /// four pairs: where they keep every multiprocessor busy and their points fit its shared memory.
  static boolean isTiled(CudaDevice device, int n, int d, int models) {
    long tiles = blocks(n, TILE);
    return tiles * (tiles + 1) / 2 * models >= device.multiprocessors()
        && tileBytes(d) <= device.sharedBytes();
  }

  /// Integers that [#cholesky] needs for each matrix.
  static final int INFO = 2;

  /// K := L in place.
  ///
  /// @param lead leading dimension, even
  /// @param stride numbers from one matrix to the next, even
  /// @param inverse whether above the diagonal there is to be that of L⁻ᵀ
  /// @param info R integers: set to 0, or to the order of the minor that is not positive definite;
  ///   then R more of workspace
  static void cholesky(
      CudaStream stream,
      DeviceArray k,
      int lead,
      long stride,
      int n,
      int models,
      boolean inverse,
      DeviceArray info) {
    stream.clear(info, 4L * INFO * models);
    int line = (n + 11) / 16 * 16 + 4; // `small_line` in `cholesky.cu`
    int packed = n <= MOST_SMALL ? 8 * (n * (n + 1) / 2 + 4 * line) : 0;
    if (n <= MOST_SMALL && packed <= stream.device().sharedBytes()) {
      if (n > 0) {
        stream.launch("cholesky_small", models, 1, 1, packed, k, lead, stride, n, info);
      }
      return;
    }
    int panels = blocks(n, TILE);
    stream.launch("cholesky_diagonal", models, 1, 1, DIAGONAL_SHARED, k, lead, stride, n, info);
    for (int panel = 0; panel < panels; panel++) {
      int below = panels - panel - 1;
      stream.launch(
          "cholesky_panel",
          Math.max(1, below + (inverse ? panel : 0)),
          models,
          1,
          PANEL_SHARED,
          k,
          lead,
          stride,
          n,
          panel,
          inverse ? 1 : 0,
          info);
      stream.launch(
          "cholesky_update",
          below,
          below + (inverse ? panel + 1 : 0),
          models,
          FactorProducts.TILE_SHARED,
          k,
          lead,
          stride,
          n,
          panel,
          info);
    }
  }

  /// The lower triangles of C := α A Aᵀ + β C, A: n × k, both of rows at [#lead].
  ///
  /// @param inverse whether A is L⁻ᵀ of squares that [#cholesky] left, and C so K⁻¹ where α is 1
  static void multiply(
      CudaStream stream,
      int n,
      int k,
      int models,
      double alpha,
      DeviceArray a,
      boolean inverse,
      double beta,
      DeviceArray c,
      DeviceArray info) {
    int tiles = blocks(n, TILE);
    stream.launch(
        "multiply_rows",
        tiles,
        tiles,
        models,
        FactorProducts.TILE_SHARED,
        n,
        k,
        alpha,
        a,
        lead(k),
        (long) n * lead(k),
        inverse ? 1 : 0,
        beta,
        c,
        lead(n),
        (long) n * lead(n),
        info);
  }
}
