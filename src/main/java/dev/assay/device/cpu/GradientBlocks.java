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
    int vectors = n / LENGTH;
    for (int v = 0, width; v < vectors; v += width) {
      int left = vectors - v;
      int j = v * LENGTH;
      width = VectorLaneMath.MANY_REGISTERS ? left == 5 ? 3 : Math.min(left, 4) : 2;
      int down = width == 1 ? 8 : 4;
      for (int row = 0; row < LaneMath.BLOCK; row += down) {
        int at = to + row * n + j;
        switch (width) {
          case 4 -> block4x4(a, first + row, lda, d, from + j, n, rows, g, at);
          case 3 -> block4x3(a, first + row, lda, d, from + j, n, rows, g, at);
          case 2 -> block4x2(a, first + row, lda, d, from + j, n, rows, g, at);
          default -> block8x1(a, first + row, lda, d, from + j, n, rows, g, at);
        }
      }
    }
  }

  /// Four rows and four vectors of columns of G += Aᵀ D, in registers.
  private static void block4x4(
      float[] a, int column, int lda, float[] d, int from, int n, int rows, float[] g, int to) {
    var s00 = FloatVector.fromArray(S, g, to);
    var s01 = FloatVector.fromArray(S, g, to + LENGTH);
    var s02 = FloatVector.fromArray(S, g, to + 2 * LENGTH);
    var s03 = FloatVector.fromArray(S, g, to + 3 * LENGTH);
    var s10 = FloatVector.fromArray(S, g, to + n);
    var s11 = FloatVector.fromArray(S, g, to + n + LENGTH);
    var s12 = FloatVector.fromArray(S, g, to + n + 2 * LENGTH);
    var s13 = FloatVector.fromArray(S, g, to + n + 3 * LENGTH);
    var s20 = FloatVector.fromArray(S, g, to + 2 * n);
    var s21 = FloatVector.fromArray(S, g, to + 2 * n + LENGTH);
    var s22 = FloatVector.fromArray(S, g, to + 2 * n + 2 * LENGTH);
    var s23 = FloatVector.fromArray(S, g, to + 2 * n + 3 * LENGTH);
    var s30 = FloatVector.fromArray(S, g, to + 3 * n);
    var s31 = FloatVector.fromArray(S, g, to + 3 * n + LENGTH);
    var s32 = FloatVector.fromArray(S, g, to + 3 * n + 2 * LENGTH);
    var s33 = FloatVector.fromArray(S, g, to + 3 * n + 3 * LENGTH);
    for (int i = 0, at = from, p = column; i < rows; i++, at += n, p += lda) {
      var d0 = FloatVector.fromArray(S, d, at);
      var d1 = FloatVector.fromArray(S, d, at + LENGTH);
      var d2 = FloatVector.fromArray(S, d, at + 2 * LENGTH);
      var d3 = FloatVector.fromArray(S, d, at + 3 * LENGTH);
      var a0 = FloatVector.broadcast(S, a[p]);
      s00 = a0.fma(d0, s00);
      s01 = a0.fma(d1, s01);
      s02 = a0.fma(d2, s02);
      s03 = a0.fma(d3, s03);
      var a1 = FloatVector.broadcast(S, a[p + 1]);
      s10 = a1.fma(d0, s10);
      s11 = a1.fma(d1, s11);
      s12 = a1.fma(d2, s12);
      s13 = a1.fma(d3, s13);
      var a2 = FloatVector.broadcast(S, a[p + 2]);
      s20 = a2.fma(d0, s20);
      s21 = a2.fma(d1, s21);
      s22 = a2.fma(d2, s22);
      s23 = a2.fma(d3, s23);
      var a3 = FloatVector.broadcast(S, a[p + 3]);
      s30 = a3.fma(d0, s30);
      s31 = a3.fma(d1, s31);
      s32 = a3.fma(d2, s32);
      s33 = a3.fma(d3, s33);
    }
    s00.intoArray(g, to);
    s01.intoArray(g, to + LENGTH);
    s02.intoArray(g, to + 2 * LENGTH);
    s03.intoArray(g, to + 3 * LENGTH);
    s10.intoArray(g, to + n);
    s11.intoArray(g, to + n + LENGTH);
    s12.intoArray(g, to + n + 2 * LENGTH);
    s13.intoArray(g, to + n + 3 * LENGTH);
    s20.intoArray(g, to + 2 * n);
    s21.intoArray(g, to + 2 * n + LENGTH);
    s22.intoArray(g, to + 2 * n + 2 * LENGTH);
    s23.intoArray(g, to + 2 * n + 3 * LENGTH);
    s30.intoArray(g, to + 3 * n);
    s31.intoArray(g, to + 3 * n + LENGTH);
    s32.intoArray(g, to + 3 * n + 2 * LENGTH);
    s33.intoArray(g, to + 3 * n + 3 * LENGTH);
  }

  /// Four rows and three vectors of columns of G += Aᵀ D, in registers.
  private static void block4x3(
      float[] a, int column, int lda, float[] d, int from, int n, int rows, float[] g, int to) {
    var s00 = FloatVector.fromArray(S, g, to);
    var s01 = FloatVector.fromArray(S, g, to + LENGTH);
    var s02 = FloatVector.fromArray(S, g, to + 2 * LENGTH);
    var s10 = FloatVector.fromArray(S, g, to + n);
    var s11 = FloatVector.fromArray(S, g, to + n + LENGTH);
    var s12 = FloatVector.fromArray(S, g, to + n + 2 * LENGTH);
    var s20 = FloatVector.fromArray(S, g, to + 2 * n);
    var s21 = FloatVector.fromArray(S, g, to + 2 * n + LENGTH);
    var s22 = FloatVector.fromArray(S, g, to + 2 * n + 2 * LENGTH);
    var s30 = FloatVector.fromArray(S, g, to + 3 * n);
    var s31 = FloatVector.fromArray(S, g, to + 3 * n + LENGTH);
    var s32 = FloatVector.fromArray(S, g, to + 3 * n + 2 * LENGTH);
    for (int i = 0, at = from, p = column; i < rows; i++, at += n, p += lda) {
      var d0 = FloatVector.fromArray(S, d, at);
      var d1 = FloatVector.fromArray(S, d, at + LENGTH);
      var d2 = FloatVector.fromArray(S, d, at + 2 * LENGTH);
      var a0 = FloatVector.broadcast(S, a[p]);
      s00 = a0.fma(d0, s00);
      s01 = a0.fma(d1, s01);
      s02 = a0.fma(d2, s02);
      var a1 = FloatVector.broadcast(S, a[p + 1]);
      s10 = a1.fma(d0, s10);
      s11 = a1.fma(d1, s11);
      s12 = a1.fma(d2, s12);
      var a2 = FloatVector.broadcast(S, a[p + 2]);
      s20 = a2.fma(d0, s20);
      s21 = a2.fma(d1, s21);
      s22 = a2.fma(d2, s22);
      var a3 = FloatVector.broadcast(S, a[p + 3]);
      s30 = a3.fma(d0, s30);
      s31 = a3.fma(d1, s31);
      s32 = a3.fma(d2, s32);
    }
    s00.intoArray(g, to);
    s01.intoArray(g, to + LENGTH);
    s02.intoArray(g, to + 2 * LENGTH);
    s10.intoArray(g, to + n);
    s11.intoArray(g, to + n + LENGTH);
    s12.intoArray(g, to + n + 2 * LENGTH);
    s20.intoArray(g, to + 2 * n);
    s21.intoArray(g, to + 2 * n + LENGTH);
    s22.intoArray(g, to + 2 * n + 2 * LENGTH);
    s30.intoArray(g, to + 3 * n);
    s31.intoArray(g, to + 3 * n + LENGTH);
    s32.intoArray(g, to + 3 * n + 2 * LENGTH);
  }

  /// Four rows and two vectors of columns of G += Aᵀ D, in registers.
  private static void block4x2(
      float[] a, int column, int lda, float[] d, int from, int n, int rows, float[] g, int to) {
    var s00 = FloatVector.fromArray(S, g, to);
    var s01 = FloatVector.fromArray(S, g, to + LENGTH);
    var s10 = FloatVector.fromArray(S, g, to + n);
    var s11 = FloatVector.fromArray(S, g, to + n + LENGTH);
    var s20 = FloatVector.fromArray(S, g, to + 2 * n);
    var s21 = FloatVector.fromArray(S, g, to + 2 * n + LENGTH);
    var s30 = FloatVector.fromArray(S, g, to + 3 * n);
    var s31 = FloatVector.fromArray(S, g, to + 3 * n + LENGTH);
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
    }
    s00.intoArray(g, to);
    s01.intoArray(g, to + LENGTH);
    s10.intoArray(g, to + n);
    s11.intoArray(g, to + n + LENGTH);
    s20.intoArray(g, to + 2 * n);
    s21.intoArray(g, to + 2 * n + LENGTH);
    s30.intoArray(g, to + 3 * n);
    s31.intoArray(g, to + 3 * n + LENGTH);
  }

  /// Eight rows and one vector of columns of G += Aᵀ D, in registers.
  private static void block8x1(
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
