// The three products of a dense layer by tensor instructions: operands rounded to TF32 (10 bits of mantissa), sums in FP32. A warp makes
// blocks of the result, F x F units of 16 x 16 numbers, F = 1 or 2. Of compute capability 8.0 on.
//
// Which eight numbers of the inner dimension one instruction (m16n8k8) takes is the same for every number of the result, however large the
// blocks are and whoever makes them. Within it a thread's two of eight are neighbours, and so are its two of 16 rows or columns, so that
// every load is of two numbers and those that load together read different banks: strides are odd multiples of 4.
#pragma once
#include "dense.cuh"

namespace assay {

/// A thread's share of 16 x 8 numbers of an operand, rounded: of its neighbours s of rows (or columns) the inner numbers h.
struct Rounded {
  unsigned at[2][2];
};

__device__ inline unsigned rounded(float x) {
  unsigned y;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(y) : "f"(x));
  return y;
}

/// This thread's first inner number of eight; the other one follows.
__device__ inline int inner() { return 2 * (lane() % 4); }

/// This thread's first of a unit's 16 rows of a left operand, and of the result; the other one follows. Of threads that store together, two
/// are four rows apart.
__device__ inline int unit_row() {
  int g = lane() / 4;
  return g / 4 * 8 + g / 2 % 2 * 2 + g % 2 * 4;
}

/// This thread's first of a unit's 16 columns of a right operand; the other one follows.
__device__ inline int unit_column() { return lane() / 4 * 2; }

/// This thread's first of a unit's 16 columns of the result; three more follow.
__device__ inline int result_column() { return lane() % 4 * 4; }

/// Adds left times right: a unit of the result, of this thread two rows of four numbers.
__device__ inline void add_unit(Pack<4> (&sum)[2], const Rounded& left, const Rounded& right) {
#pragma unroll
  for (int s = 0; s < 2; s++)
    asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(sum[0].at[s]), "+f"(sum[0].at[2 + s]), "+f"(sum[1].at[s]), "+f"(sum[1].at[2 + s])
        : "r"(left.at[0][0]), "r"(left.at[1][0]), "r"(left.at[0][1]), "r"(left.at[1][1]), "r"(right.at[s][0]),
          "r"(right.at[s][1]));
}

/// An operand whose inner numbers lie side by side, padded with zeros to a multiple of 4.
struct Along {
  const float* of[2];  // this thread's two rows
  int limit;           // of inner numbers, with the padding

  __device__ void at(const float* operand, int stride, int first, int last, int count) {
    for (int s = 0; s < 2; s++) of[s] = operand + min(first + s, last) * stride;
    limit = (count + 3) / 4 * 4;
  }

  /// @param whole whether all eight from q on are below the limit
  __device__ Rounded get(int q, bool whole) const {
    Rounded numbers;
    q += inner();
#pragma unroll
    for (int s = 0; s < 2; s++) {
      Pack<2> two = {};
      if (whole || q < limit) two = pack<2>(of[s] + q);
      for (int h = 0; h < 2; h++) numbers.at[s][h] = rounded(two.at[h]);
    }
    return numbers;
  }

  __device__ void add_sums(float (&)[2], int, bool) const {}
};

/// An operand whose rows (or columns) lie side by side, padded with zeros to a multiple of 4.
struct Across {
  const float* of;     // this thread's two
  int stride, limit;   // of inner numbers

  __device__ void at(const float* operand, int stride_, int first, int last, int count) {
    of = operand + min(first, last / 4 * 4 + 2);
    stride = stride_;
    limit = count;
  }

  __device__ Pack<2> two(int q, bool whole) const {
    Pack<2> two = {};
    if (whole || q < limit) two = pack<2>(of + q * stride);
    return two;
  }

  __device__ Rounded get(int q, bool whole) const {
    Rounded numbers;
#pragma unroll
    for (int h = 0; h < 2; h++) {
      Pack<2> side = two(q + inner() + h, whole);
      for (int s = 0; s < 2; s++) numbers.at[s][h] = rounded(side.at[s]);
    }
    return numbers;
  }

  /// Adds up this thread's numbers as they are.
  __device__ void add_sums(float (&sums)[2], int q, bool whole) const {
    for (int h = 0; h < 2; h++) {
      Pack<2> side = two(q + inner() + h, whole);
      for (int s = 0; s < 2; s++) sums[s] += side.at[s];
    }
  }
};

template <int F, bool SUMS, class Left, class Right>
__device__ inline void add_eight(
    Pack<4> (&sum)[F][F][2], float (&sums)[F][2], const Left (&left)[F], const Right (&right)[F], int q, bool whole) {
  Rounded a[F], b[F];
#pragma unroll
  for (int f = 0; f < F; f++) {
    a[f] = left[f].get(q, whole);
    b[f] = right[f].get(q, whole);
    if (SUMS) right[f].add_sums(sums[f], q, whole);
  }
#pragma unroll
  for (int i = 0; i < F; i++)
#pragma unroll
    for (int j = 0; j < F; j++) add_unit(sum[i][j], a[i], b[j]);
}

/// Adds the products of F x F units, and with SUMS the right side's numbers, over `count` inner ones.
template <int F, bool SUMS, class Left, class Right>
__device__ inline void add_units(
    Pack<4> (&sum)[F][F][2], float (&sums)[F][2], const Left (&left)[F], const Right (&right)[F], int count) {
  int q = 0;
#pragma unroll 2
  for (; q + 8 <= count; q += 8) add_eight<F, SUMS>(sum, sums, left, right, q, true);
  if (q < count) add_eight<F, SUMS>(sum, sums, left, right, q, false);
}

/// Whether blocks of 32 x 32 take fewer passes through shared memory than twice as many as those of 16 x 16 do: a step of eight inner
/// numbers takes 16 in a large block, 8 in a small one. Few large ones keep too few warps busy.
__device__ inline bool large_units(int rows, int columns, const Team& team) {
  int small = pieces(rows, 16) * pieces(columns, 16), large = pieces(rows, 32) * pieces(columns, 32);
  return large >= 4 * team.blocks && 2 * pieces(large, team.blocks) < pieces(small, team.blocks);
}

template <int F>
__device__ inline void forward_units(const Pass& p, int count, const Team& team) {
  const int outputs = (p.layer.outputs + 3) / 4 * 4, size = 16 * F;
  const int wide = pieces(outputs, size), blocks = pieces(count, size) * wide;
  for (int block = team.first; block < blocks; block += team.step) {
    int top = block / wide * size, left = block % wide * size;
    Along x[F];
    Across w[F];
    Pack<4> sum[F][F][2];
    float none[F][2];
    for (int f = 0; f < F; f++) {
      x[f].at(p.in, p.in_stride, top + 16 * f + unit_row(), count - 1, p.layer.inputs);
      w[f].at(p.weights(), p.layer.stride, left + 16 * f + unit_column(), outputs - 1, p.layer.inputs);
      Pack<4> bias = pack<4>(p.bias() + min(left + 16 * f + result_column(), outputs - 4));
      for (int i = 0; i < F; i++) sum[i][f][0] = sum[i][f][1] = bias;
    }
    add_units<F, false>(sum, none, x, w, p.layer.inputs);
    bool late = gives_late(p);
#pragma unroll
    for (int i = 0; i < F; i++)
#pragma unroll
      for (int j = 0; j < F; j++)
#pragma unroll
        for (int s = 0; s < 2; s++) {
          int row = top + 16 * i + unit_row() + s, column = left + 16 * j + result_column();
          if (row < count && column < outputs) give<4>(p, row, column, sum[i][j][s]);
        }
    if (late) {
#pragma unroll 1
      for (int e = 0; e < 8 * F * F; e++) {
        int row = top + 16 * (e / (8 * F)) + unit_row() + e / 4 % 2, column = left + 16 * (e / 8 % F) + result_column() + e % 4;
        if (row < count && column < outputs) give_late(p, row, column);
      }
    }
  }
}

template <int F>
__device__ inline void below_units(const Pass& p, const Pass& below, int count, const Team& team) {
  const int inputs = p.layer.inputs, size = 16 * F;
  const int wide = pieces(inputs, size), blocks = pieces(count, size) * wide;
  for (int block = team.first; block < blocks; block += team.step) {
    int top = block / wide * size, left = block % wide * size;
    Along d[F], w[F];
    Pack<4> sum[F][F][2] = {};
    float none[F][2];
    for (int f = 0; f < F; f++) {
      d[f].at(p.delta(), p.layer.row_stride, top + 16 * f + unit_row(), count - 1, p.layer.outputs);
      w[f].at(p.weights(), p.layer.stride, left + 16 * f + unit_column(), inputs - 1, p.layer.outputs);
    }
    add_units<F, false>(sum, none, d, w, p.layer.outputs);
#pragma unroll
    for (int i = 0; i < F; i++)
#pragma unroll
      for (int j = 0; j < F; j++)
#pragma unroll
        for (int s = 0; s < 2; s++) {
          int row = top + 16 * i + unit_row() + s, column = left + 16 * j + result_column();
          if (row < count && column < inputs) below.give_back(row, column, sum[i][j][s], inputs - column);
        }
    if (below.kept()) {
#pragma unroll 1
      for (int e = 0; e < 8 * F * F; e++) {
        int row = top + 16 * (e / (8 * F)) + unit_row() + e / 4 % 2, column = left + 16 * (e / 8 % F) + result_column() + e % 4;
        if (row < count && column < inputs) below.finish_below(row, column);
      }
    }
  }
}

/// The columns of delta are summed in FP32.
template <int F>
__device__ inline void gradient_units(const Pass& p, int count, const Step& step, bool now, const Team& team) {
  const int stride = p.layer.stride, inputs = p.layer.inputs, outputs = p.layer.outputs, size = 16 * F;
  const int wide = pieces(outputs, size), blocks = pieces(inputs, size) * wide;
  for (int block = team.first; block < blocks; block += team.step) {
    bool with_bias = block < wide;
    int top = block / wide * size, left = block % wide * size;
    Across x[F], d[F];
    Pack<4> sum[F][F][2];
    float bias[F][2] = {};
    for (int f = 0; f < F; f++) {
      x[f].at(p.in, p.in_stride, top + 16 * f + unit_row(), inputs - 1, count);
      d[f].at(p.delta(), p.layer.row_stride, left + 16 * f + unit_column(), outputs - 1, count);
      for (int i = 0; i < F; i++)
        for (int s = 0; s < 2; s++) {
          int row = min(top + 16 * i + unit_row() + s, inputs - 1), column = min(left + 16 * f + result_column(), (outputs - 1) / 4 * 4);
          sum[i][f][s] = step.before<4>(p.layer.weights + row * stride + column);
        }
    }
    if (with_bias) {
      add_units<F, true>(sum, bias, x, d, count);
    } else {
      add_units<F, false>(sum, bias, x, d, count);
    }
#pragma unroll
    for (int f = 0; f < F && with_bias; f++) {
      Pack<2> whole;
      for (int s = 0; s < 2; s++)
        for (int apart = 1; apart < 4; apart *= 2) bias[f][s] += __shfl_xor_sync(ALL_LANES, bias[f][s], apart);
      int column = left + 16 * f + unit_column();
      if (inner() == 0 && column < outputs) {
        whole = step.before<2>(p.layer.bias + column);
        for (int s = 0; s < 2; s++) whole.at[s] += bias[f][s];
        step.take<2>(p.layer.bias + column, whole, outputs - column, false, now);
      }
    }
    // The optimiser's step is too long to stand once for each number of a unit.
    Pack<4> late[2 * F * F];
#pragma unroll
    for (int e = 0; e < 2 * F * F; e++) late[e] = sum[e / (2 * F)][e / 2 % F][e % 2];
#pragma unroll 1
    for (int e = 0; e < 2 * F * F; e++) {
      int row = top + 16 * (e / (2 * F)) + unit_row() + e % 2, column = left + 16 * (e / 2 % F) + result_column();
      if (row < inputs && column < outputs)
        step.take<4>(p.layer.weights + row * stride + column, late[e], outputs - column, true, now);
    }
  }
}

/// The products by tensor instructions, operands in TF32.
struct Tf32 {
  static __device__ void forward(const Pass& p, int count, const Team& team) {
    if (large_units(count, p.layer.outputs, team)) {
      forward_units<2>(p, count, team);
    } else {
      forward_units<1>(p, count, team);
    }
  }

  static __device__ void below(const Pass& p, const Pass& below, int count, const Team& team) {
    if (large_units(count, p.layer.inputs, team)) {
      below_units<2>(p, below, count, team);
    } else {
      below_units<1>(p, below, count, team);
    }
  }

  static __device__ void gradient(const Pass& p, int count, const Step& step, bool now, const Team& team) {
    if (large_units(p.layer.inputs, p.layer.outputs, team)) {
      gradient_units<2>(p, count, step, now, team);
    } else {
      gradient_units<1>(p, count, step, now, team);
    }
  }
};

}  // namespace assay
