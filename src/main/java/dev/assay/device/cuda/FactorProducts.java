package dev.assay.device.cuda;

import dev.assay.device.DeviceTooSmall;

/// Products of rows with R factors and their inverses, in which no number waits for another, and by
/// them what triangular solves would give: `kernels/products.cu`.
final class FactorProducts {
  /// Bytes of shared memory of two operands' tiles: `OPERAND` in `tiles.cuh`.
  static final int TILE_SHARED = 8 * 2 * 64 * 36;

  private static final int TILE = 64;
  private static final int FEW = 8; // rows of a block that has few
  private static final int FEW_SHARED = 8 * 8 * FEW * 32;

  /// Up to so many rows tiles would be mostly empty.
  private static final int MOST_FEW = 2 * FEW;

  private static final int EDGE = 32; // of a block's tile of rows of an inverse
  private static final int EDGE_SHARED = 8 * EDGE * (EDGE + 1);

  /// Numbers of an inverse's rows that are made better together, twice that of workspace in all: 32
  /// MB. Of large factors it is more, so that rows are enough for all multiprocessors; of a full
  /// card less.
  private static final int MOST_TOGETHER = 1 << 21;

  private static final int LEAST_TOGETHER = 4 * TILE;

  /// What a row is multiplied by; the kernels know them by their order.
  enum By {
    FACTOR,
    INVERSE,
    FACTOR_TRANSPOSED,
    INVERSE_TRANSPOSED
  }

  /// Factors with their inverses, as [DeviceFactor#cholesky] leaves them.
  ///
  /// @param lead leading dimension, even
  /// @param stride numbers from one to the next, even
  /// @param info R integers, not 0 for what is left out, or none
  record Squares(DeviceArray numbers, int lead, long stride, int n, int count, DeviceArray info) {}

  /// Rows of n numbers for each of the factors.
  ///
  /// @param m rows
  /// @param count how many of them there are, where only the device knows, or none
  /// @param lead leading dimension, even
  /// @param stride numbers, evenly many, from those of one factor to those of the next
  record Rows(int m, DeviceArray count, int lead, long stride) {
    static Rows of(int m, int lead) {
      return new Rows(m, DeviceArray.NULL, lead, 0L);
    }
  }

  private final CudaStream stream;
  private final Squares squares;

  FactorProducts(CudaStream stream, Squares squares) {
    this.stream = stream;
    this.squares = squares;
  }

  /// to := base + sign times the rows' products.
  ///
  /// @param base may be `to`, or none for 0
  void multiply(By by, Rows rows, DeviceArray from, DeviceArray base, double sign, DeviceArray to) {
    boolean few = rows.m() <= MOST_FEW;
    stream.launch(
        few ? "multiply_factor_few" : "multiply_factor",
        DeviceFactor.blocks(squares.n(), few ? 32 : TILE),
        DeviceFactor.blocks(rows.m(), few ? FEW : TILE),
        squares.count(),
        few ? FEW_SHARED : TILE_SHARED,
        squares.numbers(),
        squares.lead(),
        squares.stride(),
        squares.n(),
        by.ordinal(),
        from,
        base,
        sign,
        to,
        rows.lead(),
        rows.stride(),
        rows.m(),
        rows.count(),
        squares.info());
  }

  /// to := L⁻¹ of each row, or L⁻ᵀ, to the rounding of the inverse.
  void multiplyByInverse(boolean transposed, Rows rows, DeviceArray from, DeviceArray to) {
    var inverse = transposed ? By.INVERSE_TRANSPOSED : By.INVERSE;
    multiply(inverse, rows, from, DeviceArray.NULL, 1, to);
  }

  /// Takes what such rows are off by once more, so that they are as good as by substitution.
  ///
  /// @param off workspace of the rows' size
  void mend(boolean transposed, Rows rows, DeviceArray from, DeviceArray to, DeviceArray off) {
    multiply(transposed ? By.FACTOR_TRANSPOSED : By.FACTOR, rows, to, from, -1, off);
    multiply(transposed ? By.INVERSE_TRANSPOSED : By.INVERSE, rows, off, to, 1, to);
  }

  /// X + (I - XL)X in place of X, what there is of L⁻¹, of one factor: one step of Newton's
  /// iteration. A product's share that X is off by, that row of I - XL, is squared, down to the
  /// rounding of |X||L|.
  ///
  /// As many rows together as its workspace may have, or as the memory holds.
  ///
  /// @throws DeviceTooSmall where it does not even hold [#FEW] rows
  void refineInverse() {
    int n = squares.n();
    int most = Math.max(LEAST_TOGETHER, MOST_TOGETHER / n);
    int together = Math.min(n, Math.min(most, stream.device().limit().points(n)));
    while (true) {
      try {
        refineInverse(together); // nothing is changed before it has its workspace
        return;
      } catch (DeviceTooSmall e) {
        if (together <= FEW) {
          throw e;
        }
        together = Math.max(FEW, together / 2);
      }
    }
  }

  /// The same, so many rows together, from the last ones up: none needs those below.
  void refineInverse(int together) {
    int n = squares.n();
    try (var own = stream.device().memory().arena()) {
      int lead = DeviceFactor.lead(n);
      var inverse = own.doubles((long) together * lead);
      var unit = own.doubles((long) together * lead); // XL
      for (int end = n; end > 0; end -= together) {
        int first = Math.max(0, end - together);
        var rows = Rows.of(end - first, lead);
        inverseRows(first, rows.m(), false, inverse);
        multiply(By.FACTOR_TRANSPOSED, rows, inverse, DeviceArray.NULL, 1, unit);
        multiply(By.INVERSE_TRANSPOSED, rows, unit, inverse, -1, inverse);
        inverseRows(first, rows.m(), true, inverse);
      }
      stream.settle();
    }
  }

  private void inverseRows(int first, int m, boolean add, DeviceArray rows) {
    stream.launch(
        "inverse_rows",
        DeviceFactor.blocks(squares.n(), EDGE),
        DeviceFactor.blocks(m, EDGE),
        1,
        EDGE_SHARED,
        squares.numbers(),
        squares.lead(),
        squares.n(),
        first,
        m,
        add ? 1 : 0,
        rows);
  }

  /// The product and its mend.
  void solve(boolean transposed, Rows rows, DeviceArray from, DeviceArray to, DeviceArray off) {
    multiplyByInverse(transposed, rows, from, to);
    mend(transposed, rows, from, to, off);
  }
}
