// The three products of a dense layer by tensor instructions: operands rounded to TF32 (10 bits of mantissa) or BF16 (7), sums in FP32. A
// warp makes blocks of the result, R x C units of 16 x 16 numbers. Of compute capability 8.0 on.
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
  using Stored = KeptTf32;

  /// @tparam STORED whether they were rounded when they were stored
  template <bool STORED, int F>
  static __device__ Operand operand(const Eight (&numbers)[1][F], int f) {
    Operand x;
#pragma unroll
    for (int s = 0; s < 2; s++)
      for (int h = 0; h < 2; h++)
        x.at[s][h] = __float_as_uint(STORED ? numbers[0][f].at[s][h] : Stored::of(numbers[0][f].at[s][h]));
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
  using Stored = AsIs;

  /// To the nearest, of two as near to the even one; the first in the lower half.
  static __device__ unsigned rounded(float x, float y) {
    unsigned both;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(both) : "f"(y), "f"(x));
    return both;
  }

  template <bool STORED, int F>
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
template <int R, int C>
using Sums = Pack<4>[R][2][C];

/// @tparam WEIGHTS whether the right operand is weights, which are kept as they are
template <class N, int R, int C, bool WEIGHTS, bool SIDES, class Left, class Right>
__device__ inline void add_step(Sums<R, C>& sum, float (&sides)[2 * C], Left& left, Right& right, bool whole, int q) {
  Eight a[N::EIGHTS][R], b[N::EIGHTS][C];
#pragma unroll
  for (int e = 0; e < N::EIGHTS; e++) {
    left.next(a[e], whole, q + 8 * e);
    right.next(b[e], whole, q + 8 * e);
#pragma unroll
    for (int h = 0; SIDES && h < 2; h++)
      for (int k = 0; k < 2 * C; k++) sides[k] += b[e][k / 2].at[k % 2][h];
  }
  Operand y[C];
#pragma unroll
  for (int j = 0; j < C; j++) y[j] = N::template operand<!WEIGHTS>(b, j);
#pragma unroll
  for (int i = 0; i < R; i++) {
    Operand x = N::template operand<true>(a, i);
#pragma unroll
    for (int j = 0; j < C; j++)
#pragma unroll
      for (int s = 0; s < 2; s++) {
        const int one = Right::place(j, s, 0), other = Right::place(j, s, 1);
        N::add(sum[i][0][one / 4].at[one % 4], sum[i][0][other / 4].at[other % 4], sum[i][1][one / 4].at[one % 4],
               sum[i][1][other / 4].at[other % 4], x, y[j], s);
      }
  }
}

/// Adds the products of R x C units, and with SIDES the right side's numbers as they are, over `count` inner ones.
template <class N, int R, int C, bool WEIGHTS, bool SIDES, class Left, class Right>
__device__ inline void add_units(Sums<R, C>& sum, float (&sides)[2 * C], Left& left, Right& right, int count) {
  int q = 0;
#pragma unroll 4
  for (; q + 8 * N::EIGHTS <= count; q += 8 * N::EIGHTS) add_step<N, R, C, WEIGHTS, SIDES>(sum, sides, left, right, true, q);
  if (q < count) add_step<N, R, C, WEIGHTS, SIDES>(sum, sides, left, right, false, q);
}

/// Whether blocks of 32 x 32 take fewer passes through shared memory than those of 16 x 16: 16 a step of eight inner numbers, these 8. Few
/// large ones keep too few warps busy.
__device__ inline bool large_units(int rows, int columns, const Team& team) {
  int small = pieces(rows, 16) * pieces(columns, 16), large = pieces(rows, 32) * pieces(columns, 32);
  return large >= 4 * team.blocks && 2 * pieces(large, team.blocks) < pieces(small, team.blocks);
}

/// Whether blocks of 64 x 32, whose steps take 24 passes, keep all warps busy and take fewer yet.
__device__ inline bool tall_units(int rows, int columns, const Team& team) {
  int tall = pieces(rows, 64) * pieces(columns, 32);
  return tall >= 8 * team.blocks && 3 * pieces(rows, 64) <= 2 * pieces(rows, 32);
}

template <class N, int R, int C>
__device__ inline void forward_units(const Pass& p, int count, const Team& team) {
  using S = typename N::Stored;
  const int outputs = (p.layer.outputs + 3) / 4 * 4;
  const int wide = pieces(outputs, 16 * C), blocks = pieces(count, 16 * R) * wide;
  const bool late = gives_late(p), relu = p.hidden && !late;
  for (int block = team.first; block < blocks; block += team.step) {
    int top = block / wide * (16 * R), left = block % wide * (16 * C);
    Along<R> x;
    Across<C> w;
    Sums<R, C> sum;
    float none[2 * C];  // sides are not asked for
    x.at(p.in, p.in_stride, top, count - 1, p.layer.inputs, true);
    w.at(p.weights(), p.layer.stride, left, outputs - 1, p.layer.inputs, false);
    for (int g = 0; g < C; g++) {
      Pack<4> bias = pack<4>(p.bias() + min(left + w.column(g), outputs - 4));
      for (int i = 0; i < R; i++) sum[i][0][g] = sum[i][1][g] = bias;
    }
    add_units<N, R, C, true, false>(sum, none, x, w, p.layer.inputs);
    if (relu)
#pragma unroll
      for (int e = 0; e < 8 * R * C; e++) {
        float& z = sum[e / (8 * C)][e / (4 * C) % 2][e / 4 % C].at[e % 4];
        z = S::of(max(z, 0.0f));
      }
    const int row = top + x.row(0, 0), column = left + w.column(0), stride = p.layer.row_stride;
    float* to = p.out() + row * stride + column;
#pragma unroll
    for (int i = 0; i < R; i++, to += 14 * stride)
#pragma unroll
      for (int s = 0; s < 2; s++, to += stride)
#pragma unroll
        for (int g = 0; g < C; g++)
          if (row + 16 * i + s < count && column + 4 * g < outputs) put(to + 4 * g, sum[i][s][g]);
    if (late) {
#pragma unroll 1
      for (int e = 0; e < 8 * R * C; e++) {
        int row = top + x.row(e / (8 * C), e / (4 * C) % 2), column = left + w.column(e / 4 % C) + e % 4;
        if (row < count && column < outputs) give_late<S>(p, row, column);
      }
    }
  }
}

/// What a block's sums become in the layer below.
template <class S, ActivationKind KIND, int R, int C>
__device__ inline void give_back_units(const Pass& below, const Sums<R, C>& sum, int row, int column, int count, int inputs) {
  const int stride = below.layer.row_stride;
  float* to = below.out() + row * stride + column;
#pragma unroll
  for (int i = 0; i < R; i++, to += 14 * stride)
#pragma unroll
    for (int s = 0; s < 2; s++, to += stride)
#pragma unroll
      for (int g = 0; g < C; g++)
        if (row + 16 * i + s < count && column + 16 * g < inputs)
          below.give_back<S, KIND>(to + 16 * g, sum[i][s][g], inputs - column - 16 * g);
}

/// @tparam S how the layer below keeps what it is given back
template <class N, class S, int R, int C>
__device__ inline void below_units(const Pass& p, const Pass& below, int count, const Team& team) {
  const int inputs = p.layer.inputs;
  const int wide = pieces(inputs, 16 * C), blocks = pieces(count, 16 * R) * wide;
  for (int block = team.first; block < blocks; block += team.step) {
    int top = block / wide * (16 * R), left = block % wide * (16 * C);
    Along<R> d;
    Along<C> w;
    Sums<R, C> sum = {};
    float none[2 * C];
    d.at(p.delta(), p.layer.row_stride, top, count - 1, p.layer.outputs, true);
    w.at(p.weights(), p.layer.stride, left, inputs - 1, p.layer.outputs, false);
    add_units<N, R, C, true, false>(sum, none, d, w, p.layer.outputs);
    const int first = top + d.row(0, 0), side = left + w.column(0);
    if (!below.kept() && below.mask.scale != 1)
#pragma unroll
      for (int e = 0; e < 8 * R * C; e++) sum[e / (8 * C)][e / (4 * C) % 2][e / 4 % C].at[e % 4] *= below.mask.scale;
    if (below.kept()) {
      give_back_units<AsIs, GELU, R, C>(below, sum, first, side, count, inputs);
#pragma unroll 1
      for (int e = 0; e < 8 * R * C; e++) {
        int row = top + d.row(e / (8 * C), e / (4 * C) % 2), column = left + w.column(e / 4 % C) + e % 4;
        if (row < count && column < inputs) below.finish_below<S>(row, column);
      }
    } else if (below.activation == RELU) {
      give_back_units<S, RELU, R, C>(below, sum, first, side, count, inputs);
    } else {
      give_back_units<S, TANH, R, C>(below, sum, first, side, count, inputs);
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
    Sums<F, F> sum;
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
      add_units<N, F, F, false, true>(sum, bias.at, x, d, count);
      for (int k = 0; k < 2 * F; k++)
        for (int apart = 1; apart < 4; apart *= 2) bias.at[k] += __shfl_xor_sync(ALL_LANES, bias.at[k], apart);
      int column = left + d.side();
      if (inner() == 0 && column < outputs) {
        Pack<2 * F> whole = step.before<2 * F>(p.layer.bias + column);
        for (int k = 0; k < 2 * F; k++) whole.at[k] += bias.at[k];
        step.take<2 * F>(p.layer.bias + column, whole, false, now);
      }
    } else {
      add_units<N, F, F, false, false>(sum, bias.at, x, d, count);
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
      if (row < inputs && column < outputs) step.take<4>(p.layer.weights + row * stride + column, late[k], true, now);
    }
  }
}

/// The products by tensor instructions, operands rounded to N.
template <class N>
struct Tensor {
  using Stored = typename N::Stored;

  static __device__ void forward(const Pass& p, int count, const Team& team) {
    if (tall_units(count, p.layer.outputs, team)) {
      forward_units<N, 4, 2>(p, count, team);
    } else if (large_units(count, p.layer.outputs, team)) {
      forward_units<N, 2, 2>(p, count, team);
    } else {
      forward_units<N, 1, 1>(p, count, team);
    }
  }

  static __device__ void below(const Pass& p, const Pass& below, int count, const Team& team) {
    if (!Stored::ROUNDS || below.layer.kind == DENSE) {
      below_kept<Stored>(p, below, count, team);
    } else {
      below_units<N, AsIs, 1, 1>(p, below, count, team);
    }
  }

  template <class S>
  static __device__ void below_kept(const Pass& p, const Pass& below, int count, const Team& team) {
    if (tall_units(count, p.layer.inputs, team)) {
      below_units<N, S, 4, 2>(p, below, count, team);
    } else if (large_units(count, p.layer.inputs, team)) {
      below_units<N, S, 2, 2>(p, below, count, team);
    } else {
      below_units<N, S, 1, 1>(p, below, count, team);
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
