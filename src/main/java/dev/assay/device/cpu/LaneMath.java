package dev.assay.device.cpu;

import dev.assay.internal.linalg.VectorModule;
import dev.assay.internal.words.Log;
import dev.assay.train.Activation;
import dev.assay.train.DropoutMask;
import dev.assay.train.Standardisation;
import dev.assay.train.UpdateRule;
import org.slf4j.Logger;

/// The arithmetic of a training step, FP32.
///
/// Every number that is written is one chain of operations in a fixed order (sums run over
/// ascending indices, with fused multiply-adds), and vectors only compute several such chains side
/// by side. So the two implementations agree to the last bit, at any vector length. A processor
/// without fused multiply-add would compute the same, very slowly.
sealed interface LaneMath permits JavaLaneMath, VectorLaneMath {
  /// Row strides are multiples of this many floats.
  int STRIDE = 16;

  /// Rows of products are computed in blocks of this many.
  int BLOCK = 8;

  /// Magnitudes below these count as zero in gradients and in moments. Their effect is far below
  /// the rounding of the weights, and they would become denormal numbers, which cost a hundred
  /// times as much.
  float LEAST_GRADIENT = 1e-15f;

  /// As [#LEAST_GRADIENT].
  float LEAST_MOMENT = 1e-20f;

  /// As [#LEAST_GRADIENT], for means of squared gradients.
  float LEAST_SQUARE = 1e-36f;

  /// The smallest argument of an exponential; what is below counts as this: e^-69 is 1e-30.
  float LEAST_EXPONENT = -69;

  /// C = A B + b, row by row.
  ///
  /// @param a m × k at stride lda
  /// @param b k × n from `at`, at stride n
  /// @param n multiple of [#STRIDE]
  /// @param bias n values from `biasAt`
  /// @param c m × n at stride n
  /// @param m multiple of [#BLOCK]
  default void product(
      float[] a,
      int lda,
      float[] b,
      int at,
      int n,
      float[] bias,
      int biasAt,
      float[] c,
      int m,
      int k) {
    convolution(a, lda, 1, 0, k, b, at, n, bias, biasAt, c, m);
  }

  /// C = A B + b, row by row, where a row of A is not in one place: its numbers stand in `parts` of
  /// k each, `jump` apart. So an image is convolved without a copy of what the kernel sees at every
  /// pixel: pixels are rows, which overlap, and the lines of the kernel are the parts.
  ///
  /// @param a row i begins at i lda
  /// @param b parts k × n from `at`, at stride n
  /// @param n multiple of [#STRIDE]
  /// @param bias n values from `biasAt`
  /// @param c m × n at stride n
  /// @param m multiple of [#BLOCK]
  void convolution(
      float[] a,
      int lda,
      int parts,
      int jump,
      int k,
      float[] b,
      int at,
      int n,
      float[] bias,
      int biasAt,
      float[] c,
      int m);

  /// [#BLOCK] rows of G += Aᵀ D.
  ///
  /// @param a rows × BLOCK at stride lda, from `first`
  /// @param d rows × n at stride n, from `from`
  /// @param g BLOCK × n, from `to`
  void gradient(
      float[] a, int lda, int first, float[] d, int from, int n, int rows, float[] g, int to);

  /// Of two lines of pixels the largest of each 2 × 2, of equal ones the first, row by row.
  ///
  /// @param c the upper line from `at`, the lower `down` beyond, a pixel every n numbers
  /// @param count pairs of pixels
  /// @param filters numbers of a pixel
  /// @param out count × filters from `to`
  /// @param chosen which of the four it was, 0 ... 3, at the same places from `note`
  void pool(
      float[] c,
      int at,
      int n,
      int down,
      int count,
      int filters,
      float[] out,
      int to,
      int[] chosen,
      int note);

  /// The way back of [#pool]: writes d where the largest came from, and 0 at the other three; as
  /// far as n.
  ///
  /// @param d count × filters from `from`
  void spread(
      float[] d,
      int from,
      int[] chosen,
      int note,
      int count,
      int filters,
      float[] c,
      int at,
      int n,
      int down);

  /// out[j] = Σ_i d[i][j].
  ///
  /// @param d rows × n at stride n
  void columnSums(float[] d, int n, int rows, float[] out);

  /// Copies chosen rows of X, standardised, NaN as 0: out row i = row rows[from + i] of x.
  ///
  /// @param x n × p, row-major
  /// @param stride of out; columns beyond p are left as they are
  void gather(
      float[] x,
      int p,
      int[] rows,
      int from,
      int count,
      Standardisation s,
      float[] out,
      int stride);

  /// x ← max(x, 0), NaN stays.
  void relu(float[] x, int count);

  /// x ← tanh x, to 3 ulp.
  void tanh(float[] x, int count);

  /// x ← gelu x, with the tanh of [#tanh].
  void gelu(float[] x, int count);

  /// Applies an activation in place.
  default void activate(Activation activation, float[] x, int count) {
    switch (activation) {
      case RELU -> relu(x, count);
      case TANH -> tanh(x, count);
      case GELU -> gelu(x, count);
    }
  }

  /// d ← d · the activation's derivative.
  ///
  /// @param h the activation's value; of gelu its argument
  default void differentiate(Activation activation, float[] d, float[] h, int count) {
    switch (activation) {
      case RELU -> reluBackward(d, h, count);
      case TANH -> tanhBackward(d, h, count);
      case GELU -> geluBackward(d, h, count);
    }
  }

  /// d ← 0 where the activation h is 0.
  void reluBackward(float[] d, float[] h, int count);

  /// d ← d (1 - h²).
  void tanhBackward(float[] d, float[] h, int count);

  /// d ← d · gelu'(x).
  void geluBackward(float[] d, float[] x, int count);

  /// Scales the units that the mask keeps, and makes 0 of the others.
  ///
  /// @param x rows × n
  /// @param width v; columns beyond are left in any state
  void drop(float[] x, int rows, int n, int width, DropoutMask mask);

  /// x[at + i] += y[i].
  void add(float[] x, int at, float[] y, int count);

  /// out = scale · softmax z, row by row, the exponentials to 2 ulp, and 0 beyond the classes.
  ///
  /// @param z rows × n
  /// @param largest of each row, is written; padded to [#STRIDE]
  /// @param sums of e^(z - the largest), of each row, is written; padded to [#STRIDE]
  /// @param scratch classes × [#STRIDE], is overwritten
  void softmax(
      float[] z,
      int rows,
      int n,
      int classes,
      float scale,
      float[] largest,
      float[] sums,
      float[] scratch,
      float[] out);

  /// One optimiser step of `count` weights from `at` on, with the gradients g[0 ... count).
  ///
  /// @param moments velocity, or m followed by v; the same layout as w
  /// @param decayed whether weight decay applies
  void update(
      UpdateRule rule, float[] w, float[][] moments, int at, float[] g, int count, boolean decayed);

  /// In words, for people: `vectors of 16 floats`.
  String words();

  /// The vector implementation where this JVM has the Vector API, else its twin in plain Java.
  static LaneMath best() {
    Logger log = Log.of(LaneMath.class);
    if (!VectorModule.isThere()) {
      log.info(
          "CPU training uses plain Java: this JVM was started without the Vector API."
              + " For speed, start it with --add-modules jdk.incubator.vector.");
      return new JavaLaneMath();
    }
    var vector = new VectorLaneMath();
    log.debug("CPU training uses the Vector API, {} floats a vector.", VectorLaneMath.LENGTH);
    return vector;
  }
}
