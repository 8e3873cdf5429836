package dev.assay.device.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Register blocks of G = Aᵀ D, as [ProductBlocks].
final class GradientBlocks {
  private static final VectorSpecies<Float> S = VectorLaneMath.SPECIES;
  private static final int LENGTH = VectorLaneMath.LENGTH;

  private GradientBlocks() {}

  /// As [LaneMath#gradient].
  static void gradient(float[] a, int lda, int first, float[] d, int n, int rows, float[] g) {
    int j = 0;
    if (VectorLaneMath.PAIRS) {
      for (; j + 2 * LENGTH <= n; j += 2 * LENGTH) {
        block2(a, first, lda, d, j, n, rows, g, j);
      }
    }
    for (; j < n; j += LENGTH) {
      block1(a, first, lda, d, j, n, rows, g, j);
    }
  }

  /// Eight rows and two vectors of columns of G = Aᵀ D, in registers.
  private static void block2(
      float[] a, int column, int lda, float[] d, int from, int n, int rows, float[] g, int to) {
    var s00 = FloatVector.zero(S);
    var s01 = FloatVector.zero(S);
    var s10 = FloatVector.zero(S);
    var s11 = FloatVector.zero(S);
    var s20 = FloatVector.zero(S);
    var s21 = FloatVector.zero(S);
    var s30 = FloatVector.zero(S);
    var s31 = FloatVector.zero(S);
    var s40 = FloatVector.zero(S);
    var s41 = FloatVector.zero(S);
    var s50 = FloatVector.zero(S);
    var s51 = FloatVector.zero(S);
    var s60 = FloatVector.zero(S);
    var s61 = FloatVector.zero(S);
    var s70 = FloatVector.zero(S);
    var s71 = FloatVector.zero(S);
    for (int i = 0, at = from, p = column; i < rows; i++, at += n, p += lda) {
      var d0 = FloatVector.fromArray(S, d, at);
      var d1 = FloatVector.fromArray(S, d, at + LENGTH);
      var a0 = FloatVector.broadcast(S, a[p]);
      s00 = a0.fma(d0, s00);
      s01 = a0.fma(d1, s01);
      var a1 = FloatVector.broadcast(S, a[p + 1]);
      s10 = a1.fma(d0, s10);
      s11 = a1.fma(d1, s11);
      var a2 = FloatVector.broadcast(S, a[p + 2]);
      s20 = a2.fma(d0, s20);
      s21 = a2.fma(d1, s21);
      var a3 = FloatVector.broadcast(S, a[p + 3]);
      s30 = a3.fma(d0, s30);
      s31 = a3.fma(d1, s31);
      var a4 = FloatVector.broadcast(S, a[p + 4]);
      s40 = a4.fma(d0, s40);
      s41 = a4.fma(d1, s41);
      var a5 = FloatVector.broadcast(S, a[p + 5]);
      s50 = a5.fma(d0, s50);
      s51 = a5.fma(d1, s51);
      var a6 = FloatVector.broadcast(S, a[p + 6]);
      s60 = a6.fma(d0, s60);
      s61 = a6.fma(d1, s61);
      var a7 = FloatVector.broadcast(S, a[p + 7]);
      s70 = a7.fma(d0, s70);
      s71 = a7.fma(d1, s71);
    }
    s00.intoArray(g, to);
    s01.intoArray(g, to + LENGTH);
    s10.intoArray(g, to + n);
    s11.intoArray(g, to + n + LENGTH);
    s20.intoArray(g, to + 2 * n);
    s21.intoArray(g, to + 2 * n + LENGTH);
    s30.intoArray(g, to + 3 * n);
    s31.intoArray(g, to + 3 * n + LENGTH);
    s40.intoArray(g, to + 4 * n);
    s41.intoArray(g, to + 4 * n + LENGTH);
    s50.intoArray(g, to + 5 * n);
    s51.intoArray(g, to + 5 * n + LENGTH);
    s60.intoArray(g, to + 6 * n);
    s61.intoArray(g, to + 6 * n + LENGTH);
    s70.intoArray(g, to + 7 * n);
    s71.intoArray(g, to + 7 * n + LENGTH);
  }

  /// Eight rows and one vector of columns of G = Aᵀ D, in registers.
  private static void block1(
      float[] a, int column, int lda, float[] d, int from, int n, int rows, float[] g, int to) {
    var s00 = FloatVector.zero(S);
    var s10 = FloatVector.zero(S);
    var s20 = FloatVector.zero(S);
    var s30 = FloatVector.zero(S);
    var s40 = FloatVector.zero(S);
    var s50 = FloatVector.zero(S);
    var s60 = FloatVector.zero(S);
    var s70 = FloatVector.zero(S);
    for (int i = 0, at = from, p = column; i < rows; i++, at += n, p += lda) {
      var d0 = FloatVector.fromArray(S, d, at);
      var a0 = FloatVector.broadcast(S, a[p]);
      s00 = a0.fma(d0, s00);
      var a1 = FloatVector.broadcast(S, a[p + 1]);
      s10 = a1.fma(d0, s10);
      var a2 = FloatVector.broadcast(S, a[p + 2]);
      s20 = a2.fma(d0, s20);
      var a3 = FloatVector.broadcast(S, a[p + 3]);
      s30 = a3.fma(d0, s30);
      var a4 = FloatVector.broadcast(S, a[p + 4]);
      s40 = a4.fma(d0, s40);
      var a5 = FloatVector.broadcast(S, a[p + 5]);
      s50 = a5.fma(d0, s50);
      var a6 = FloatVector.broadcast(S, a[p + 6]);
      s60 = a6.fma(d0, s60);
      var a7 = FloatVector.broadcast(S, a[p + 7]);
      s70 = a7.fma(d0, s70);
    }
    s00.intoArray(g, to);
    s10.intoArray(g, to + n);
    s20.intoArray(g, to + 2 * n);
    s30.intoArray(g, to + 3 * n);
    s40.intoArray(g, to + 4 * n);
    s50.intoArray(g, to + 5 * n);
    s60.intoArray(g, to + 6 * n);
    s70.intoArray(g, to + 7 * n);
  }
}
