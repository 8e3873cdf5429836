// The three products of a dense layer by tensor instructions: operands rounded to TF32 (10 bits of mantissa) or BF16 (7), sums in FP32. A
// warp makes blocks of the result, F x F units of 16 x 16 numbers, F = 1 or 2. Of compute capability 8.0 on.
//
// Which eight numbers of the inner dimension are taken together (in BF16 twice eight) is the same for every number of the result, however
// large the blocks are and whoever makes them. Within eight a thread's two are neighbours, so that threads which load together read
// different banks: strides are odd multiples of 4. Pointers walk along operands, so that a step has few instructions beside loads and products.
#pragma once
#include "dense.cuh"

namespace assay {

/// A thread's share of 16 x 8 numbers of an operand: of its neighbours s of rows (or columns) the inner numbers h.
struct Eight {
  float at[2][2];
};

/// The same of what one instruction takes, rounded: of its rows (or columns) s the two registers.
struct Operand {
  unsigned at[2][2];
};

/// Numbers with 10 bits of mantissa, of eight inner ones an instruction.
struct Tf32Numbers {
  static constexpr int EIGHTS = 1;

  static __device__ unsigned rounded(float x) {
    unsigned y;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(y) : "f"(x));
    return y;
  }

  template <int F>
  static __device__ Operand operand(const Eight (&numbers)[1][F], int f) {
    Operand x;
#pragma unroll
    for (int s = 0; s < 2; s++)
      for (int h = 0; h < 2; h++) x.at[s][h] = rounded(numbers[0][f].at[s][h]);
    return x;
  }

  /// Adds left times column s of right to four sums.
  static __device__ void add(float& a, float& b, float& c, float& d, const Operand& left, const Operand& right, int s) {
    asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(a), "+f"(b), "+f"(c), "+f"(d)
        : "r"(left.at[0][0]), "r"(left.at[1][0]), "r"(left.at[0][1]), "r"(left.at[1][1]), "r"(right.at[s][0]),
          "r"(right.at[s][1]));
  }
};

/// Numbers with 7 bits of mantissa, of sixteen inner ones an instruction.
struct Bf16Numbers {
  static constexpr int EIGHTS = 2;

  /// To the nearest, of two as near to the even one; the first in the lower half.
  static __device__ unsigned rounded(float x, float y) {
    unsigned both;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(both) : "f"(y), "f"(x));
    return both;
  }

  template <int F>
  static __device__ Operand operand(const Eight (&numbers)[2][F], int f) {
    Operand x;
#pragma unroll
    for (int s = 0; s < 2; s++)
      for (int e = 0; e < 2; e++) x.at[s][e] = rounded(numbers[e][f].at[s][0], numbers[e][f].at[s][1]);
    return x;
  }

  static __device__ void add(float& a, float& b, float& c, float& d, const Operand& left, const Operand& right, int s) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(a), "+f"(b), "+f"(c), "+f"(d)
        : "r"(left.at[0][0]), "r"(left.at[1][0]), "r"(left.at[0][1]), "r"(left.at[1][1]), "r"(right.at[s][0]),
          "r"(right.at[s][1]));
  }
};

/// This thread's first inner number of eight; the other one follows.
__device__ inline int inner() { return 2 * (lane() % 4); }

/// This thread's first of a unit's 16 rows; the other one follows. Of threads that store together, two are four rows apart.
__device__ inline int unit_row() {
  int g = lane() / 4;
  return g / 4 * 8 + g / 2 % 2 * 2 + g % 2 * 4;
}

/// An operand whose inner numbers lie side by side, padded with zeros to a multiple of 4: F times 16 of its rows.
template <int F>
struct Along {
  const float* of[F][2];  // what is read next of this thread's rows
  int limit;              // of inner numbers, with the padding

  /// As a left operand this thread's row s of unit i.
  static __device__ int row(int i, int s) { return 16 * i + unit_row() + s; }
  /// As a right one the first of four neighbouring columns of the result.
  static __device__ int column(int group) { return 16 * group + lane() % 4 * 4; }
  /// Where among those is what column s of unit j gives second (d), or first.
  static constexpr __device__ int place(int j, int s, int d) { return 4 * j + 2 * d + s; }

  /// @param first the block's
  /// @param last row that there is
  __device__ void at(const float* operand, int stride, int first, int last, int count, bool left) {
#pragma unroll
    for (int f = 0; f < F; f++)
      for (int s = 0; s < 2; s++)
        of[f][s] = operand + min(first + (left ? row(f, s) : 16 * f + lane() / 4 * 2 + s), last) * stride + inner();
    limit = (count + 3) / 4 * 4 - inner();
  }

  /// The next eight.
  /// @param whole whether they are all below the limit
  /// @param q how many were read
  __device__ void next(Eight (&numbers)[F], bool whole, int q) {
#pragma unroll
    for (int f = 0; f < F; f++)
#pragma unroll
      for (int s = 0; s < 2; s++) {
        Pack<2> two = {};
        if (whole || q < limit) two = pack<2>(of[f][s]);
        for (int h = 0; h < 2; h++) numbers[f].at[s][h] = two.at[h];
        of[f][s] += 8;
      }
  }
};

/// An operand whose rows (or columns) lie side by side, padded with zeros to a multiple of 4: a thread's 2 F of them are neighbours.
template <int F>
struct Across {
  const float* of[2];  // what is read next of this thread's inner numbers h
  int step, limit;     // to the next eight; of inner numbers

  static __device__ int row(int i, int s) { return F == 1 ? unit_row() + s : lane() / 4 * 2 * F + 2 * i + s; }
  static __device__ int column(int group) { return lane() % 4 * 4 * F + 4 * group; }
  static constexpr __device__ int place(int j, int s, int d) { return 2 * F * d + 2 * j + s; }
  /// The first of those that this thread reads of a right operand.
  static __device__ int side() { return lane() / 4 * 2 * F; }

  __device__ void at(const float* operand, int stride, int first, int last, int count, bool left) {
    const float* from = operand + min(first + (left ? row(0, 0) : side()), last / 4 * 4 + 4 - 2 * F);
#pragma unroll
    for (int h = 0; h < 2; h++) of[h] = from + (inner() + h) * stride;
    step = 8 * stride;
    limit = count - inner();
  }

  __device__ void next(Eight (&numbers)[F], bool whole, int q) {
#pragma unroll
    for (int h = 0; h < 2; h++) {
      Pack<2 * F> sides = {};
      if (whole || q + h < limit) sides = pack<2 * F>(of[h]);
#pragma unroll
      for (int f = 0; f < F; f++)
        for (int s = 0; s < 2; s++) numbers[f].at[s][h] = sides.at[2 * f + s];
      of[h] += step;
    }
  }
};

/// What a thread has of a block of the result: of unit i, row s, four neighbouring columns for each group.
template <int F>
using Sums = Pack<4>[F][2][F];

template <class N, int F, bool SIDES, class Left, class Right>
__device__ inline void add_step(Sums<F>& sum, float (&sides)[2 * F], Left& left, Right& right, bool whole, int q) {
  Eight a[N::EIGHTS][F], b[N::EIGHTS][F];
#pragma unroll
  for (int e = 0; e < N::EIGHTS; e++) {
    left.next(a[e], whole, q + 8 * e);
    right.next(b[e], whole, q + 8 * e);
#pragma unroll
    for (int h = 0; SIDES && h < 2; h++)
      for (int k = 0; k < 2 * F; k++) sides[k] += b[e][k / 2].at[k % 2][h];
  }
  Operand x[F], y[F];
#pragma unroll
  for (int f = 0; f < F; f++) {
    x[f] = N::template operand<F>(a, f);
    y[f] = N::template operand<F>(b, f);
  }
#pragma unroll
  for (int i = 0; i < F; i++)
#pragma unroll
    for (int j = 0; j < F; j++)
#pragma unroll
      for (int s = 0; s < 2; s++) {
        const int one = Right::place(j, s, 0), other = Right::place(j, s, 1);
        N::add(sum[i][0][one / 4].at[one % 4], sum[i][0][other / 4].at[other % 4], sum[i][1][one / 4].at[one % 4],
               sum[i][1][other / 4].at[other % 4], x[i], y[j], s);
      }
}

/// Adds the products of F x F units, and with SIDES the right side's numbers as they are, over `count` inner ones.
template <class N, int F, bool SIDES, class Left, class Right>
__device__ inline void add_units(Sums<F>& sum, float (&sides)[2 * F], Left& left, Right& right, int count) {
  int q = 0;
#pragma unroll 2
  for (; q + 8 * N::EIGHTS <= count; q += 8 * N::EIGHTS) add_step<N, F, SIDES>(sum, sides, left, right, true, q);
  if (q < count) add_step<N, F, SIDES>(sum, sides, left, right, false, q);
}

/// Whether blocks of 32 x 32 take fewer passes through shared memory than twice as many as those of 16 x 16 do: a step of eight inner
/// numbers takes 16 in a large block, 8 in a small one. Few large ones keep too few warps busy.
__device__ inline bool large_units(int rows, int columns, const Team& team) {
  int small = pieces(rows, 16) * pieces(columns, 16), large = pieces(rows, 32) * pieces(columns, 32);
  return large >= 4 * team.blocks && 2 * pieces(large, team.blocks) < pieces(small, team.blocks);
}

template <class N, int F>
__device__ inline void forward_units(const Pass& p, int count, const Team& team) {
  const int outputs = (p.layer.outputs + 3) / 4 * 4, size = 16 * F;
  const int wide = pieces(outputs, size), blocks = pieces(count, size) * wide;
  for (int block = team.first; block < blocks; block += team.step) {
    int top = block / wide * size, left = block % wide * size;
    Along<F> x;
    Across<F> w;
    Sums<F> sum;
    float none[2 * F];
    x.at(p.in, p.in_stride, top, count - 1, p.layer.inputs, true);
    w.at(p.weights(), p.layer.stride, left, outputs - 1, p.layer.inputs, false);
    for (int g = 0; g < F; g++) {
      Pack<4> bias = pack<4>(p.bias() + min(left + w.column(g), outputs - 4));
      for (int i = 0; i < F; i++) sum[i][0][g] = sum[i][1][g] = bias;
    }
    add_units<N, F, false>(sum, none, x, w, p.layer.inputs);
#pragma unroll
    for (int i = 0; i < F; i++)
#pragma unroll
      for (int s = 0; s < 2; s++)
#pragma unroll
        for (int g = 0; g < F; g++) {
          int row = top + x.row(i, s), column = left + w.column(g);
          if (row < count && column < outputs) give<4>(p, row, column, sum[i][s][g]);
        }
    if (gives_late(p)) {
#pragma unroll 1
      for (int e = 0; e < 8 * F * F; e++) {
        int row = top + x.row(e / (8 * F), e / (4 * F) % 2), column = left + w.column(e / 4 % F) + e % 4;
        if (row < count && column < outputs) give_late(p, row, column);
      }
    }
  }
}

template <class N, int F>
__device__ inline void below_units(const Pass& p, const Pass& below, int count, const Team& team) {
  const int inputs = p.layer.inputs, size = 16 * F;
  const int wide = pieces(inputs, size), blocks = pieces(count, size) * wide;
  for (int block = team.first; block < blocks; block += team.step) {
    int top = block / wide * size, left = block % wide * size;
    Along<F> d, w;
    Sums<F> sum = {};
    float none[2 * F];
    d.at(p.delta(), p.layer.row_stride, top, count - 1, p.layer.outputs, true);
    w.at(p.weights(), p.layer.stride, left, inputs - 1, p.layer.outputs, false);
    add_units<N, F, false>(sum, none, d, w, p.layer.outputs);
#pragma unroll
    for (int i = 0; i < F; i++)
#pragma unroll
      for (int s = 0; s < 2; s++)
#pragma unroll
        for (int g = 0; g < F; g++) {
          int row = top + d.row(i, s), column = left + w.column(g);
          if (row < count && column < inputs) below.give_back(row, column, sum[i][s][g], inputs - column);
        }
    if (below.kept()) {
#pragma unroll 1
      for (int e = 0; e < 8 * F * F; e++) {
        int row = top + d.row(e / (8 * F), e / (4 * F) % 2), column = left + w.column(e / 4 % F) + e % 4;
        if (row < count && column < inputs) below.finish_below(row, column);
      }
    }
  }
}

/// The columns of delta are summed in FP32.
template <class N, int F>
__device__ inline void gradient_units(const Pass& p, int count, const Step& step, bool now, const Team& team) {
  const int stride = p.layer.stride, inputs = p.layer.inputs, outputs = p.layer.outputs, size = 16 * F;
  const int wide = pieces(outputs, size), blocks = pieces(inputs, size) * wide;
  for (int block = team.first; block < blocks; block += team.step) {
    bool with_bias = block < wide;
    int top = block / wide * size, left = block % wide * size;
    Across<F> x, d;
    Sums<F> sum;
    Pack<2 * F> bias = {};
    x.at(p.in, p.in_stride, top, inputs - 1, count, true);
    d.at(p.delta(), p.layer.row_stride, left, outputs - 1, count, false);
    for (int i = 0; i < F; i++)
      for (int s = 0; s < 2; s++)
        for (int g = 0; g < F; g++) {
          int row = min(top + x.row(i, s), inputs - 1), column = min(left + d.column(g), (outputs - 1) / 4 * 4);
          sum[i][s][g] = step.before<4>(p.layer.weights + row * stride + column);
        }
    if (with_bias) {
      add_units<N, F, true>(sum, bias.at, x, d, count);
      for (int k = 0; k < 2 * F; k++)
        for (int apart = 1; apart < 4; apart *= 2) bias.at[k] += __shfl_xor_sync(ALL_LANES, bias.at[k], apart);
      int column = left + d.side();
      if (inner() == 0 && column < outputs) {
        Pack<2 * F> whole = step.before<2 * F>(p.layer.bias + column);
        for (int k = 0; k < 2 * F; k++) whole.at[k] += bias.at[k];
        step.take<2 * F>(p.layer.bias + column, whole, outputs - column, false, now);
      }
    } else {
      add_units<N, F, false>(sum, bias.at, x, d, count);
    }
    // The optimiser's step is too long to stand once for each number of a unit.
    Pack<4> late[2 * F * F];
#pragma unroll
    for (int e = 0; e < 2 * F * F; e++) late[e] = sum[e / (2 * F)][e / F % 2][e % F];
#pragma unroll 1
    for (int e = 0; e < 2 * F * F; e++) {
      // Threads that load together are an odd number of rows apart, where they read different banks.
      int k = F == 1 ? e : e ^ lane() / 4 % 2 * F;
      int row = top + x.row(k / (2 * F), k / F % 2), column = left + d.column(k % F);
      if (row < inputs && column < outputs)
        step.take<4>(p.layer.weights + row * stride + column, late[k], outputs - column, true, now);
    }
  }
}

/// The products by tensor instructions, operands rounded to N.
template <class N>
struct Tensor {
  static __device__ void forward(const Pass& p, int count, const Team& team) {
    if (large_units(count, p.layer.outputs, team)) {
      forward_units<N, 2>(p, count, team);
    } else {
      forward_units<N, 1>(p, count, team);
    }
  }

  static __device__ void below(const Pass& p, const Pass& below, int count, const Team& team) {
    if (large_units(count, p.layer.inputs, team)) {
      below_units<N, 2>(p, below, count, team);
    } else {
      below_units<N, 1>(p, below, count, team);
    }
  }

  static __device__ void gradient(const Pass& p, int count, const Step& step, bool now, const Team& team) {
    if (large_units(p.layer.inputs, p.layer.outputs, team)) {
      gradient_units<N, 2>(p, count, step, now, team);
    } else {
      gradient_units<N, 1>(p, count, step, now, team);
    }
  }
};

using Tf32 = Tensor<Tf32Numbers>;
using Bf16 = Tensor<Bf16Numbers>;

}  // namespace assay
