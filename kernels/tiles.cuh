// Products of matrices by one block of 256 threads: 64 x 64 sums that stay in registers, 32 numbers of the inner dimension at once, which
// go through shared memory while the next ones are on their way.
//
// On cards of compute capability 8.0 and later eight numbers of a row, or of a column, are multiplied by a warp's one tensor instruction
// in FP64 (m8n8k4); below that by multiply-adds of each thread.
#pragma once
#include "device.cuh"

namespace assay {

constexpr int SQUARE = 64;  // rows and columns of a tile
constexpr int STEP = 32;    // of the inner dimension at once

// Distances in shared memory such that what a warp reads at once lies in different banks.
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
#define ASSAY_TENSOR 1
constexpr int LINE = STEP + 4;
#else
#define ASSAY_TENSOR 0
constexpr int LINE = STEP + 1;
#endif
constexpr int ACROSS_LINE = SQUARE + 4;

/// Numbers of shared memory of one operand.
constexpr int OPERAND = SQUARE * (STEP + 4);

/// A block's 64 x 64 sums; each thread has sixteen of them.
struct Sums {
  double at[16];

  __device__ inline int row(int e) const {
    return ASSAY_TENSOR ? warp() / 2 * 16 + e / 8 * 8 + lane() / 4 : (int)threadIdx.x / 16 + e / 4 * 16;
  }

  __device__ inline int column(int e) const {
    return ASSAY_TENSOR ? warp() % 2 * 32 + e / 2 % 4 * 8 + lane() % 4 * 2 + e % 2 : (int)threadIdx.x % 16 + e % 4 * 16;
  }

  __device__ inline void clear() {
    for (int e = 0; e < 16; e++) at[e] = 0;
  }

  /// Calls use(e, many, place) for this thread's sums e and, where many is 2, e + 1, which are in rows below `rows` and in columns below
  /// limit(row), of a matrix where the tile's first number is that of (row0, column0): neighbours are moved at once.
  /// @param lead even
  template <class Limit, class Use>
  __device__ inline void each(size_t lead, int row0, int column0, int rows, Limit limit, Use use) const {
#pragma unroll
    for (int e = 0; e < 16; e += ASSAY_TENSOR ? 2 : 1) {
      int i = row0 + row(e), j = column0 + column(e), end = limit(i);
      if (i >= rows || j >= end) continue;
      if (ASSAY_TENSOR && j + 1 < end) use(e, 2, i * lead + j);
      else use(e, 1, i * lead + j);
    }
  }

  /// Each sum becomes change(number of a matrix, sum), or stays where `each` has none.
  /// @param from at a multiple of 16 bytes
  template <class Limit, class Change>
  __device__ inline void change(
      const double* from, size_t lead, int row0, int column0, int rows, Limit limit, Change change) {
    each(lead, row0, column0, rows, limit, [&](int e, int many, size_t place) {
      if (many == 2) {
        double2 x = *reinterpret_cast<const double2*>(from + place);
        at[e] = change(x.x, at[e]);
        at[e + 1] = change(x.y, at[e + 1]);
      } else {
        at[e] = change(from[place], at[e]);
      }
    });
  }

  /// Puts them into a matrix, as above.
  template <class Limit>
  __device__ inline void put(double* to, size_t lead, int row0, int column0, int rows, Limit limit) const {
    each(lead, row0, column0, rows, limit, [&](int e, int many, size_t place) {
      if (many == 2) *reinterpret_cast<double2*>(to + place) = make_double2(at[e], at[e + 1]);
      else to[place] = at[e];
    });
  }

  /// Adds the sum over q < 32 of left(row, q) right(column, q).
  /// Operands: number (i, q) at i * their first distance + q * their second.
  template <int LEFT_ROW, int LEFT_INNER, int RIGHT_ROW, int RIGHT_INNER>
  __device__ inline void add(const double* left, const double* right) {
#if ASSAY_TENSOR
    left += row(0) * LEFT_ROW + lane() % 4 * LEFT_INNER;
    right += (warp() % 2 * 32 + lane() / 4) * RIGHT_ROW + lane() % 4 * RIGHT_INNER;
#pragma unroll 2
    for (int q = 0; q < STEP; q += 4) {
      double a[2], b[4];
      for (int i = 0; i < 2; i++) a[i] = left[i * 8 * LEFT_ROW + q * LEFT_INNER];
      for (int j = 0; j < 4; j++) b[j] = right[j * 8 * RIGHT_ROW + q * RIGHT_INNER];
      for (int i = 0; i < 2; i++)
        for (int j = 0; j < 4; j++) {
          int e = i * 8 + j * 2;
          asm("mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64 {%0, %1}, {%2}, {%3}, {%0, %1};"
              : "+d"(at[e]), "+d"(at[e + 1])
              : "d"(a[i]), "d"(b[j]));
        }
    }
#else
    left += threadIdx.x / 16 * LEFT_ROW;
    right += threadIdx.x % 16 * RIGHT_ROW;
#pragma unroll 4
    for (int q = 0; q < STEP; q++) {
      double a[4], b[4];
      for (int i = 0; i < 4; i++) a[i] = left[i * 16 * LEFT_ROW + q * LEFT_INNER];
      for (int j = 0; j < 4; j++) b[j] = right[j * 16 * RIGHT_ROW + q * RIGHT_INNER];
      for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) at[i * 4 + j] += a[i] * b[j];
    }
#endif
  }
};

/// A thread's eight numbers of a 64 x 32 operand on their way. ACROSS: neighbours in memory are of one q, otherwise of one row.
template <bool ACROSS>
struct Operand {
  static constexpr int ROW = ACROSS ? 1 : LINE, INNER = ACROSS ? ACROSS_LINE : 1;
  double number[8];

  /// @param get the number of row i < 64 at q, 0 beyond what there is
  template <class Get>
  __device__ inline void fetch(int from, Get get) {
#pragma unroll
    for (int h = 0; h < 8; h++) {
      int e = threadIdx.x + 256 * h;
      number[h] = ACROSS ? get(e % SQUARE, from + e / SQUARE) : get(e / STEP, from + e % STEP);
    }
  }

  __device__ inline void put(double* shared) const {
#pragma unroll
    for (int h = 0; h < 8; h++) {
      int e = threadIdx.x + 256 * h;
      shared[ACROSS ? e % SQUARE + e / SQUARE * ACROSS_LINE : e / STEP * LINE + e % STEP] = number[h];
    }
  }
};

/// Adds the sum over from <= q < to of left(row, q) right(column, q); both are 0 for q >= to. All threads call it. It begins with a
/// barrier; `shared` is free after the next one.
/// @param shared 2 OPERAND numbers
template <bool LEFT_ACROSS, bool RIGHT_ACROSS, class Left, class Right>
__device__ inline void add_products(Sums& sums, int from, int to, Left left, Right right, double* shared) {
  Operand<LEFT_ACROSS> own;
  Operand<RIGHT_ACROSS> other;
  own.fetch(from, left);
  other.fetch(from, right);
#pragma unroll 1
  for (int at = from; at < to; at += STEP) {
    __syncthreads();
    own.put(shared);
    other.put(shared + OPERAND);
    __syncthreads();
    if (at + STEP < to) {
      own.fetch(at + STEP, left);
      other.fetch(at + STEP, right);
    }
    sums.add<Operand<LEFT_ACROSS>::ROW, Operand<LEFT_ACROSS>::INNER, Operand<RIGHT_ACROSS>::ROW, Operand<RIGHT_ACROSS>::INNER>(
        shared, shared + OPERAND);
  }
}

/// The same for a left side that lies in shared memory whole: 64 x 64 at ACROSS_LINE, row by row; q < 64.
/// @param shared OPERAND numbers
template <bool RIGHT_ACROSS, class Right>
__device__ inline void add_resident(Sums& sums, const double* left, Right right, double* shared) {
  Operand<RIGHT_ACROSS> other;
#pragma unroll 1
  for (int at = 0; at < SQUARE; at += STEP) {
    other.fetch(at, right);
    __syncthreads();
    other.put(shared);
    __syncthreads();
    sums.add<ACROSS_LINE, 1, Operand<RIGHT_ACROSS>::ROW, Operand<RIGHT_ACROSS>::INNER>(left + at, shared);
  }
}

}  // namespace assay
