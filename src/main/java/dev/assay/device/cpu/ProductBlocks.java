package dev.assay.device.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Register blocks of C = A B + b. Each number of C is one accumulator from its bias to its store,
/// so the order of the sum is that of the plain loop. The blocks are written out because only local
/// variables stay in registers.
final class ProductBlocks {
  private static final VectorSpecies<Float> S = VectorLaneMath.SPECIES;
  private static final int LENGTH = VectorLaneMath.LENGTH;

  private ProductBlocks() {}

  /// As [LaneMath#product].
  static void product(
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
    int j = 0;
    // Columns outside, rows inside: the k × two vectors of B that the rows share stay in cache.
    if (VectorLaneMath.PAIRS) {
      for (; j + 2 * LENGTH <= n; j += 2 * LENGTH) {
        for (int i = 0; i < m; i += LaneMath.BLOCK) {
          block2(a, i * lda, lda, b, at + j, n, bias, biasAt + j, c, i * n + j, k);
        }
      }
    }
    for (; j < n; j += LENGTH) {
      for (int i = 0; i < m; i += LaneMath.BLOCK) {
        block1(a, i * lda, lda, b, at + j, n, bias, biasAt + j, c, i * n + j, k);
      }
    }
  }

  /// Eight rows and two vectors of columns of C = A B + b, in registers.
  private static void block2(
      float[] a,
      int row,
      int lda,
      float[] b,
      int from,
      int n,
      float[] bias,
      int biasAt,
      float[] c,
      int to,
      int k) {
    var bias0 = FloatVector.fromArray(S, bias, biasAt);
    var bias1 = FloatVector.fromArray(S, bias, biasAt + LENGTH);
    var s00 = bias0;
    var s01 = bias1;
    var s10 = bias0;
    var s11 = bias1;
    var s20 = bias0;
    var s21 = bias1;
    var s30 = bias0;
    var s31 = bias1;
    var s40 = bias0;
    var s41 = bias1;
    var s50 = bias0;
    var s51 = bias1;
    var s60 = bias0;
    var s61 = bias1;
    var s70 = bias0;
    var s71 = bias1;
    int row1 = row + lda;
    int row2 = row + 2 * lda;
    int row3 = row + 3 * lda;
    int row4 = row + 4 * lda;
    int row5 = row + 5 * lda;
    int row6 = row + 6 * lda;
    int row7 = row + 7 * lda;
    for (int q = 0, at = from; q < k; q++, at += n) {
      var b0 = FloatVector.fromArray(S, b, at);
      var b1 = FloatVector.fromArray(S, b, at + LENGTH);
      var a0 = FloatVector.broadcast(S, a[row + q]);
      s00 = a0.fma(b0, s00);
      s01 = a0.fma(b1, s01);
      var a1 = FloatVector.broadcast(S, a[row1 + q]);
      s10 = a1.fma(b0, s10);
      s11 = a1.fma(b1, s11);
      var a2 = FloatVector.broadcast(S, a[row2 + q]);
      s20 = a2.fma(b0, s20);
      s21 = a2.fma(b1, s21);
      var a3 = FloatVector.broadcast(S, a[row3 + q]);
      s30 = a3.fma(b0, s30);
      s31 = a3.fma(b1, s31);
      var a4 = FloatVector.broadcast(S, a[row4 + q]);
      s40 = a4.fma(b0, s40);
      s41 = a4.fma(b1, s41);
      var a5 = FloatVector.broadcast(S, a[row5 + q]);
      s50 = a5.fma(b0, s50);
      s51 = a5.fma(b1, s51);
      var a6 = FloatVector.broadcast(S, a[row6 + q]);
      s60 = a6.fma(b0, s60);
      s61 = a6.fma(b1, s61);
      var a7 = FloatVector.broadcast(S, a[row7 + q]);
      s70 = a7.fma(b0, s70);
      s71 = a7.fma(b1, s71);
    }
    s00.intoArray(c, to);
    s01.intoArray(c, to + LENGTH);
    s10.intoArray(c, to + n);
    s11.intoArray(c, to + n + LENGTH);
    s20.intoArray(c, to + 2 * n);
    s21.intoArray(c, to + 2 * n + LENGTH);
    s30.intoArray(c, to + 3 * n);
    s31.intoArray(c, to + 3 * n + LENGTH);
    s40.intoArray(c, to + 4 * n);
    s41.intoArray(c, to + 4 * n + LENGTH);
    s50.intoArray(c, to + 5 * n);
    s51.intoArray(c, to + 5 * n + LENGTH);
    s60.intoArray(c, to + 6 * n);
    s61.intoArray(c, to + 6 * n + LENGTH);
    s70.intoArray(c, to + 7 * n);
    s71.intoArray(c, to + 7 * n + LENGTH);
  }

  /// Eight rows and one vector of columns of C = A B + b, in registers.
  private static void block1(
      float[] a,
      int row,
      int lda,
      float[] b,
      int from,
      int n,
      float[] bias,
      int biasAt,
      float[] c,
      int to,
      int k) {
    var bias0 = FloatVector.fromArray(S, bias, biasAt);
    var s00 = bias0;
    var s10 = bias0;
    var s20 = bias0;
    var s30 = bias0;
    var s40 = bias0;
    var s50 = bias0;
    var s60 = bias0;
    var s70 = bias0;
    int row1 = row + lda;
    int row2 = row + 2 * lda;
    int row3 = row + 3 * lda;
    int row4 = row + 4 * lda;
    int row5 = row + 5 * lda;
    int row6 = row + 6 * lda;
    int row7 = row + 7 * lda;
    for (int q = 0, at = from; q < k; q++, at += n) {
      var b0 = FloatVector.fromArray(S, b, at);
      var a0 = FloatVector.broadcast(S, a[row + q]);
      s00 = a0.fma(b0, s00);
      var a1 = FloatVector.broadcast(S, a[row1 + q]);
      s10 = a1.fma(b0, s10);
      var a2 = FloatVector.broadcast(S, a[row2 + q]);
      s20 = a2.fma(b0, s20);
      var a3 = FloatVector.broadcast(S, a[row3 + q]);
      s30 = a3.fma(b0, s30);
      var a4 = FloatVector.broadcast(S, a[row4 + q]);
      s40 = a4.fma(b0, s40);
      var a5 = FloatVector.broadcast(S, a[row5 + q]);
      s50 = a5.fma(b0, s50);
      var a6 = FloatVector.broadcast(S, a[row6 + q]);
      s60 = a6.fma(b0, s60);
      var a7 = FloatVector.broadcast(S, a[row7 + q]);
      s70 = a7.fma(b0, s70);
    }
    s00.intoArray(c, to);
    s10.intoArray(c, to + n);
    s20.intoArray(c, to + 2 * n);
    s30.intoArray(c, to + 3 * n);
    s40.intoArray(c, to + 4 * n);
    s50.intoArray(c, to + 5 * n);
    s60.intoArray(c, to + 6 * n);
    s70.intoArray(c, to + 7 * n);
  }
}
