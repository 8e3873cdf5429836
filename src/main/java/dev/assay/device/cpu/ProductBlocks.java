package dev.assay.device.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Register blocks of C = A B + b, where a row of A may stand in several parts. Each number of C is
/// one accumulator from its bias to its store, so the order of the sum is that of the plain loop.
/// The blocks are written out because only local variables stay in registers: four rows by up to
/// four vectors with 32 registers, six rows by two with 16: loads are fewer than multiply-adds, and
/// there are enough of these to hide their latency. (Rows cost an address register each.)
final class ProductBlocks {
  private static final VectorSpecies<Float> S = VectorLaneMath.SPECIES;
  private static final int LENGTH = VectorLaneMath.LENGTH;

  private ProductBlocks() {}

  /// As [LaneMath#convolution].
  static void product(
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
      int m) {
    int vectors = n / LENGTH;
    // Columns outside, rows inside: the part of B that the rows share stays in cache.
    for (int v = 0, width; v < vectors; v += width) {
      int left = vectors - v;
      width = VectorLaneMath.MANY_REGISTERS ? left == 5 ? 3 : Math.min(left, 4) : 2;
      int j = v * LENGTH;
      for (int i = 0, rows; i < m; i += rows) {
        rows = width == 1 ? 8 : VectorLaneMath.MANY_REGISTERS || m - i == 4 || m - i == 8 ? 4 : 6;
        switch (width) {
          case 4 ->
              block4x4(
                  a, i * lda, lda, b, at + j, n, bias, biasAt + j, c, i * n + j, parts, jump, k);
          case 3 ->
              block4x3(
                  a, i * lda, lda, b, at + j, n, bias, biasAt + j, c, i * n + j, parts, jump, k);
          case 2 -> {
            if (rows == 6) {
              block6x2(
                  a, i * lda, lda, b, at + j, n, bias, biasAt + j, c, i * n + j, parts, jump, k);
            } else {
              block4x2(
                  a, i * lda, lda, b, at + j, n, bias, biasAt + j, c, i * n + j, parts, jump, k);
            }
          }
          default ->
              block8x1(
                  a, i * lda, lda, b, at + j, n, bias, biasAt + j, c, i * n + j, parts, jump, k);
        }
      }
    }
  }

  /// Four rows and four vectors of columns of C = A B + b, in registers.
  private static void block4x4(
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
      int parts,
      int jump,
      int k) {
    var s00 = FloatVector.fromArray(S, bias, biasAt);
    var s01 = FloatVector.fromArray(S, bias, biasAt + LENGTH);
    var s02 = FloatVector.fromArray(S, bias, biasAt + 2 * LENGTH);
    var s03 = FloatVector.fromArray(S, bias, biasAt + 3 * LENGTH);
    var s10 = s00;
    var s11 = s01;
    var s12 = s02;
    var s13 = s03;
    var s20 = s00;
    var s21 = s01;
    var s22 = s02;
    var s23 = s03;
    var s30 = s00;
    var s31 = s01;
    var s32 = s02;
    var s33 = s03;
    int row1 = row + lda;
    int row2 = row + 2 * lda;
    int row3 = row + 3 * lda;
    for (int part = 0, p = 0, at = from; part < parts; part++, p += jump - k) {
      for (int q = 0; q < k; q++, p++, at += n) {
        var b0 = FloatVector.fromArray(S, b, at);
        var b1 = FloatVector.fromArray(S, b, at + LENGTH);
        var b2 = FloatVector.fromArray(S, b, at + 2 * LENGTH);
        var b3 = FloatVector.fromArray(S, b, at + 3 * LENGTH);
        var a0 = FloatVector.broadcast(S, a[row + p]);
        s00 = a0.fma(b0, s00);
        s01 = a0.fma(b1, s01);
        s02 = a0.fma(b2, s02);
        s03 = a0.fma(b3, s03);
        var a1 = FloatVector.broadcast(S, a[row1 + p]);
        s10 = a1.fma(b0, s10);
        s11 = a1.fma(b1, s11);
        s12 = a1.fma(b2, s12);
        s13 = a1.fma(b3, s13);
        var a2 = FloatVector.broadcast(S, a[row2 + p]);
        s20 = a2.fma(b0, s20);
        s21 = a2.fma(b1, s21);
        s22 = a2.fma(b2, s22);
        s23 = a2.fma(b3, s23);
        var a3 = FloatVector.broadcast(S, a[row3 + p]);
        s30 = a3.fma(b0, s30);
        s31 = a3.fma(b1, s31);
        s32 = a3.fma(b2, s32);
        s33 = a3.fma(b3, s33);
      }
    }
    s00.intoArray(c, to);
    s01.intoArray(c, to + LENGTH);
    s02.intoArray(c, to + 2 * LENGTH);
    s03.intoArray(c, to + 3 * LENGTH);
    s10.intoArray(c, to + n);
    s11.intoArray(c, to + n + LENGTH);
    s12.intoArray(c, to + n + 2 * LENGTH);
    s13.intoArray(c, to + n + 3 * LENGTH);
    s20.intoArray(c, to + 2 * n);
    s21.intoArray(c, to + 2 * n + LENGTH);
    s22.intoArray(c, to + 2 * n + 2 * LENGTH);
    s23.intoArray(c, to + 2 * n + 3 * LENGTH);
    s30.intoArray(c, to + 3 * n);
    s31.intoArray(c, to + 3 * n + LENGTH);
    s32.intoArray(c, to + 3 * n + 2 * LENGTH);
    s33.intoArray(c, to + 3 * n + 3 * LENGTH);
  }

  /// Four rows and three vectors of columns of C = A B + b, in registers.
  private static void block4x3(
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
      int parts,
      int jump,
      int k) {
    var s00 = FloatVector.fromArray(S, bias, biasAt);
    var s01 = FloatVector.fromArray(S, bias, biasAt + LENGTH);
    var s02 = FloatVector.fromArray(S, bias, biasAt + 2 * LENGTH);
    var s10 = s00;
    var s11 = s01;
    var s12 = s02;
    var s20 = s00;
    var s21 = s01;
    var s22 = s02;
    var s30 = s00;
    var s31 = s01;
    var s32 = s02;
    int row1 = row + lda;
    int row2 = row + 2 * lda;
    int row3 = row + 3 * lda;
    for (int part = 0, p = 0, at = from; part < parts; part++, p += jump - k) {
      for (int q = 0; q < k; q++, p++, at += n) {
        var b0 = FloatVector.fromArray(S, b, at);
        var b1 = FloatVector.fromArray(S, b, at + LENGTH);
        var b2 = FloatVector.fromArray(S, b, at + 2 * LENGTH);
        var a0 = FloatVector.broadcast(S, a[row + p]);
        s00 = a0.fma(b0, s00);
        s01 = a0.fma(b1, s01);
        s02 = a0.fma(b2, s02);
        var a1 = FloatVector.broadcast(S, a[row1 + p]);
        s10 = a1.fma(b0, s10);
        s11 = a1.fma(b1, s11);
        s12 = a1.fma(b2, s12);
        var a2 = FloatVector.broadcast(S, a[row2 + p]);
        s20 = a2.fma(b0, s20);
        s21 = a2.fma(b1, s21);
        s22 = a2.fma(b2, s22);
        var a3 = FloatVector.broadcast(S, a[row3 + p]);
        s30 = a3.fma(b0, s30);
        s31 = a3.fma(b1, s31);
        s32 = a3.fma(b2, s32);
      }
    }
    s00.intoArray(c, to);
    s01.intoArray(c, to + LENGTH);
    s02.intoArray(c, to + 2 * LENGTH);
    s10.intoArray(c, to + n);
    s11.intoArray(c, to + n + LENGTH);
    s12.intoArray(c, to + n + 2 * LENGTH);
    s20.intoArray(c, to + 2 * n);
    s21.intoArray(c, to + 2 * n + LENGTH);
    s22.intoArray(c, to + 2 * n + 2 * LENGTH);
    s30.intoArray(c, to + 3 * n);
    s31.intoArray(c, to + 3 * n + LENGTH);
    s32.intoArray(c, to + 3 * n + 2 * LENGTH);
  }

  /// Four rows and two vectors of columns of C = A B + b, in registers.
  private static void block4x2(
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
      int parts,
      int jump,
      int k) {
    var s00 = FloatVector.fromArray(S, bias, biasAt);
    var s01 = FloatVector.fromArray(S, bias, biasAt + LENGTH);
    var s10 = s00;
    var s11 = s01;
    var s20 = s00;
    var s21 = s01;
    var s30 = s00;
    var s31 = s01;
    int row1 = row + lda;
    int row2 = row + 2 * lda;
    int row3 = row + 3 * lda;
    for (int part = 0, p = 0, at = from; part < parts; part++, p += jump - k) {
      for (int q = 0; q < k; q++, p++, at += n) {
        var b0 = FloatVector.fromArray(S, b, at);
        var b1 = FloatVector.fromArray(S, b, at + LENGTH);
        var a0 = FloatVector.broadcast(S, a[row + p]);
        s00 = a0.fma(b0, s00);
        s01 = a0.fma(b1, s01);
        var a1 = FloatVector.broadcast(S, a[row1 + p]);
        s10 = a1.fma(b0, s10);
        s11 = a1.fma(b1, s11);
        var a2 = FloatVector.broadcast(S, a[row2 + p]);
        s20 = a2.fma(b0, s20);
        s21 = a2.fma(b1, s21);
        var a3 = FloatVector.broadcast(S, a[row3 + p]);
        s30 = a3.fma(b0, s30);
        s31 = a3.fma(b1, s31);
      }
    }
    s00.intoArray(c, to);
    s01.intoArray(c, to + LENGTH);
    s10.intoArray(c, to + n);
    s11.intoArray(c, to + n + LENGTH);
    s20.intoArray(c, to + 2 * n);
    s21.intoArray(c, to + 2 * n + LENGTH);
    s30.intoArray(c, to + 3 * n);
    s31.intoArray(c, to + 3 * n + LENGTH);
  }

  /// Six rows and two vectors of columns of C = A B + b, in registers.
  private static void block6x2(
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
      int parts,
      int jump,
      int k) {
    var s00 = FloatVector.fromArray(S, bias, biasAt);
    var s01 = FloatVector.fromArray(S, bias, biasAt + LENGTH);
    var s10 = s00;
    var s11 = s01;
    var s20 = s00;
    var s21 = s01;
    var s30 = s00;
    var s31 = s01;
    var s40 = s00;
    var s41 = s01;
    var s50 = s00;
    var s51 = s01;
    int row1 = row + lda;
    int row2 = row + 2 * lda;
    int row3 = row + 3 * lda;
    int row4 = row + 4 * lda;
    int row5 = row + 5 * lda;
    for (int part = 0, p = 0, at = from; part < parts; part++, p += jump - k) {
      for (int q = 0; q < k; q++, p++, at += n) {
        var b0 = FloatVector.fromArray(S, b, at);
        var b1 = FloatVector.fromArray(S, b, at + LENGTH);
        var a0 = FloatVector.broadcast(S, a[row + p]);
        s00 = a0.fma(b0, s00);
        s01 = a0.fma(b1, s01);
        var a1 = FloatVector.broadcast(S, a[row1 + p]);
        s10 = a1.fma(b0, s10);
        s11 = a1.fma(b1, s11);
        var a2 = FloatVector.broadcast(S, a[row2 + p]);
        s20 = a2.fma(b0, s20);
        s21 = a2.fma(b1, s21);
        var a3 = FloatVector.broadcast(S, a[row3 + p]);
        s30 = a3.fma(b0, s30);
        s31 = a3.fma(b1, s31);
        var a4 = FloatVector.broadcast(S, a[row4 + p]);
        s40 = a4.fma(b0, s40);
        s41 = a4.fma(b1, s41);
        var a5 = FloatVector.broadcast(S, a[row5 + p]);
        s50 = a5.fma(b0, s50);
        s51 = a5.fma(b1, s51);
      }
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
  }

  /// Eight rows and one vector of columns of C = A B + b, in registers.
  private static void block8x1(
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
      int parts,
      int jump,
      int k) {
    var s00 = FloatVector.fromArray(S, bias, biasAt);
    var s10 = s00;
    var s20 = s00;
    var s30 = s00;
    var s40 = s00;
    var s50 = s00;
    var s60 = s00;
    var s70 = s00;
    int row1 = row + lda;
    int row2 = row + 2 * lda;
    int row3 = row + 3 * lda;
    int row4 = row + 4 * lda;
    int row5 = row + 5 * lda;
    int row6 = row + 6 * lda;
    int row7 = row + 7 * lda;
    for (int part = 0, p = 0, at = from; part < parts; part++, p += jump - k) {
      for (int q = 0; q < k; q++, p++, at += n) {
        var b0 = FloatVector.fromArray(S, b, at);
        var a0 = FloatVector.broadcast(S, a[row + p]);
        s00 = a0.fma(b0, s00);
        var a1 = FloatVector.broadcast(S, a[row1 + p]);
        s10 = a1.fma(b0, s10);
        var a2 = FloatVector.broadcast(S, a[row2 + p]);
        s20 = a2.fma(b0, s20);
        var a3 = FloatVector.broadcast(S, a[row3 + p]);
        s30 = a3.fma(b0, s30);
        var a4 = FloatVector.broadcast(S, a[row4 + p]);
        s40 = a4.fma(b0, s40);
        var a5 = FloatVector.broadcast(S, a[row5 + p]);
        s50 = a5.fma(b0, s50);
        var a6 = FloatVector.broadcast(S, a[row6 + p]);
        s60 = a6.fma(b0, s60);
        var a7 = FloatVector.broadcast(S, a[row7 + p]);
        s70 = a7.fma(b0, s70);
      }
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
