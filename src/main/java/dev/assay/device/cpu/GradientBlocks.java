package dev.assay.device.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Register blocks of G += Aᵀ D, as [ProductBlocks].
final class GradientBlocks {
  private static final VectorSpecies<Float> S = VectorLaneMath.SPECIES;
  private static final int LENGTH = VectorLaneMath.LENGTH;

  private GradientBlocks() {}

  /// As [LaneMath#gradient].
  static void gradient(
      float[] a, int lda, int first, float[] d, int from, int n, int rows, float[] g, int to) {
    int j = 0;
    if (VectorLaneMath.MANY_REGISTERS) {
      for (; j + 2 * LENGTH <= n; j += 2 * LENGTH) {
        block2(a, first, lda, d, from + j, n, rows, g, to + j);
      }
    }
    for (; j < n; j += LENGTH) {
      block1(a, first, lda, d, from + j, n, rows, g, to + j);
    }
  }

  /// Eight rows and two vectors of columns of G += Aᵀ D, in registers.
  private static void block2(
      float[] a, int column, int lda, float[] d, int from, int n, int rows, float[] g, int to) {
    var s00 = FloatVector.fromArray(S, g, to);
    var s01 = FloatVector.fromArray(S, g, to + LENGTH);
    var s10 = FloatVector.fromArray(S, g, to + n);
    var s11 = FloatVector.fromArray(S, g, to + n + LENGTH);
    var s20 = FloatVector.fromArray(S, g, to + 2 * n);
    var s21 = FloatVector.fromArray(S, g, to + 2 * n + LENGTH);
    var s30 = FloatVector.fromArray(S, g, to + 3 * n);
    var s31 = FloatVector.fromArray(S, g, to + 3 * n + LENGTH);
    var s40 = FloatVector.fromArray(S, g, to + 4 * n);
    var s41 = FloatVector.fromArray(S, g, to + 4 * n + LENGTH);
    var s50 = FloatVector.fromArray(S, g, to + 5 * n);
    var s51 = FloatVector.fromArray(S, g, to + 5 * n + LENGTH);
    var s60 = FloatVector.fromArray(S, g, to + 6 * n);
    var s61 = FloatVector.fromArray(S, g, to + 6 * n + LENGTH);
    var s70 = FloatVector.fromArray(S, g, to + 7 * n);
    var s71 = FloatVector.fromArray(S, g, to + 7 * n + LENGTH);
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

  /// Eight rows and one vector of columns of G += Aᵀ D, in registers.
  private static void block1(
      float[] a, int column, int lda, float[] d, int from, int n, int rows, float[] g, int to) {
    var s00 = FloatVector.fromArray(S, g, to);
    var s10 = FloatVector.fromArray(S, g, to + n);
    var s20 = FloatVector.fromArray(S, g, to + 2 * n);
    var s30 = FloatVector.fromArray(S, g, to + 3 * n);
    var s40 = FloatVector.fromArray(S, g, to + 4 * n);
    var s50 = FloatVector.fromArray(S, g, to + 5 * n);
    var s60 = FloatVector.fromArray(S, g, to + 6 * n);
    var s70 = FloatVector.fromArray(S, g, to + 7 * n);
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
