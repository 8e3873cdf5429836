// Covariance functions on the device: sums of products of leaves, as dev.assay.gp.CovarianceFunction.
#pragma once
#include "device.cuh"

namespace assay {

constexpr int MAX_LEAVES = 8;
constexpr int MAX_TERMS = 16;

enum LeafKind { MATERN52 = 0, MATERN32 = 1, RBF = 2, RATIONAL_QUADRATIC = 3, ADDITIVE1 = 4, ADDITIVE2 = 5 };

/// k = sum over terms of the product of the term's leaves. Written by CovarianceProgram.java as 4-byte integers.
struct Covariance {
  int leaves;
  int terms;
  int kind[MAX_LEAVES];
  int at[MAX_LEAVES];             // index of the leaf's first hyperparameter
  unsigned leaves_of[MAX_TERMS];  // bit set
};

/// The hyperparameters of a leaf as they enter its formula, at the indices of theta:
/// radial: a, 1/l_1 ... 1/l_d [, alpha]; additive: b_1/d [, b_2/(d(d-1)/2)], 1/l_1 ... 1/l_d.
__device__ inline int first_length(int kind) { return kind == ADDITIVE2 ? 2 : 1; }

__device__ inline int leaf_size(int kind, int d) {
  return d + (kind == ADDITIVE2 || kind == RATIONAL_QUADRATIC ? 2 : 1);
}

/// Whether the covariance is one function of a squared distance.
__device__ inline bool is_radial(const Covariance& c) { return c.leaves == 1 && c.kind[0] < ADDITIVE1; }

/// Hyperparameter i of p as it enters the formulas.
/// @param value theta_i
template <class T>
__device__ inline T natural_number(const Covariance& c, int d, int p, int i, T value) {
  if (i == p - 1) return value;  // the mean
  T result = exp(value);         // the noise, a scale, a shape
  for (int l = 0; l < c.leaves; l++) {
    int kind = c.kind[l];
    int own = i - c.at[l];
    if (own < 0 || own >= leaf_size(kind, d)) continue;
    int length = own - first_length(kind);
    if (length >= 0 && length < d) result = exp(-value);
    else if (kind >= ADDITIVE1 && own == 0) result /= d;
    else if (kind == ADDITIVE2) result = d < 2 ? T(0) : result / (T(d) * (d - 1) / 2);
  }
  return result;
}

/// x - y, or 0 and 1 for equal and different categories.
template <class T>
__device__ inline T difference(T x, T y, int category) {
  T u = x - y;
  return category ? (u == 0 ? T(0) : T(1)) : u;
}

/// The root of a number that is not negative, to 1 ulp; what is below 2^-1022 gives less than 2^-510. Without a device's division or its test
/// for special cases: a first guess of 20 bits, and three terms of a series for what it is off by.
__device__ inline double root(double a) {
  double guess = __hiloint2double(max(__double2hiint(a), 0x00100000), __double2loint(a));
  asm("rsqrt.approx.ftz.f64 %0, %0;" : "+d"(guess));
  double near = a * guess, off = fma(-near, guess, 1.0);
  return fma(near * off, fma(off, 0.375, 0.5), near);
}
__device__ inline float root(float a) { return sqrt(a); }

/// No more than 600, whose covariance is as good as 0; what is not a number stays so.
__device__ inline double held_near(double t) { return t > 600 ? 600 : t; }
__device__ inline float held_near(float t) { return t; }

/// e^-t for 0 <= t <= 600, to 1 ulp: a power of 2 times a polynomial of degree 11, of least relative error (3e-18) for |r| <= log(2)/2. With
/// degree 10, which is off by 2e-16, a contract's expected improvement of 1e-223 would be off by more than 1e-9 of itself.
__device__ inline double decay(double t) {
  constexpr double ROUNDER = 6755399441055744.0;  // 1.5 * 2^52: what is added to it is rounded to a whole number, in the low word
  double whole = fma(t, -1.4426950408889634, ROUNDER), k = whole - ROUNDER;
  double r = fma(k, -2.3190468138462996e-17, fma(k, -0.6931471805599453, -t));
  double e = 2.4994301533707412e-08;
  e = fma(e, r, 2.7632308140605694e-07);
  e = fma(e, r, 2.7557622625714466e-06);
  e = fma(e, r, 2.4801486481540278e-05);
  e = fma(e, r, 0.00019841269432465183);
  e = fma(e, r, 0.0013888888951260937);
  e = fma(e, r, 0.008333333333559435);
  e = fma(e, r, 0.04166666666649263);
  e = fma(e, r, 0.1666666666666617);
  e = fma(e, r, 0.5000000000000018);
  e = fma(e, r, 1.0);
  e = fma(e, r, 1.0);
  return e * __hiloint2double((__double2loint(whole) + 1023) << 20, 0);
}
__device__ inline float decay(float t) { return exp(-t); }

template <class T>
__device__ inline T matern52(T s) {
  T t = held_near(root(T(5) * s));
  return ((t * T(1.0 / 3) + 1) * t + 1) * decay(t);
}

template <class T>
__device__ inline T matern52_slope(T s) {
  T t = held_near(root(T(5) * s));
  return T(-5.0 / 6) * (1 + t) * decay(t);
}

template <class T>
__device__ inline T matern32(T s) {
  T t = held_near(root(T(3) * s));
  return (1 + t) * decay(t);
}

template <class T>
__device__ inline T rbf(T s) { return decay(held_near(s / 2)); }

/// f(s) of the radial covariances. Rasmussen and Williams 2006, Eqs. 4.17 and 4.19.
template <class T>
__device__ inline T radial_profile(int kind, T s, T shape) {
  switch (kind) {
    case MATERN52: return matern52(s);
    case MATERN32: return matern32(s);
    case RBF: return rbf(s);
    default: return exp(-shape * log1p(s / (2 * shape)));
  }
}

/// A thread's sums of squares to values of a radial leaf.
template <int COUNT, class T>
__device__ inline void radial_profiles(int kind, T scale, T shape, T (&s)[COUNT]) {
  switch (kind) {  // the same for every thread
    case MATERN52:
#pragma unroll
      for (int e = 0; e < COUNT; e++) s[e] = scale * matern52(s[e]);
      return;
    case MATERN32:
#pragma unroll
      for (int e = 0; e < COUNT; e++) s[e] = scale * matern32(s[e]);
      return;
    case RBF:
#pragma unroll
      for (int e = 0; e < COUNT; e++) s[e] = scale * rbf(s[e]);
      return;
    default: {
      T sums[COUNT];  // in local memory: so many copies of the library's functions would be a hundred kilobytes of PTX
#pragma unroll
      for (int e = 0; e < COUNT; e++) sums[e] = s[e];
#pragma unroll 1
      for (int e = 0; e < COUNT; e++) sums[e] = scale * radial_profile(RATIONAL_QUADRATIC, sums[e], shape);
#pragma unroll
      for (int e = 0; e < COUNT; e++) s[e] = sums[e];
    }
  }
}

/// f'(s).
template <class T>
__device__ inline T radial_slope(int kind, T s, T shape) {
  switch (kind) {
    case MATERN52: return matern52_slope(s);
    case MATERN32: return T(-1.5) * decay(held_near(root(T(3) * s)));
    case RBF: return -rbf(s) / 2;
    default: return -exp(-(shape + 1) * log1p(s / (2 * shape))) / 2;
  }
}

/// df/dlog alpha of the rational quadratic.
template <class T>
__device__ inline T shape_slope(T s, T shape) {
  T q = s / (2 * shape);
  return exp(-shape * log1p(q)) * shape * (q / (1 + q) - log1p(q));
}

/// What a pair of points gives for one leaf: its value and what the derivatives need again.
template <class T>
struct LeafAtPair {
  T value;
  T first;   // radial: s; additive: sum of z_j
  T second;  // additive: sum of z_i z_j over pairs
};

/// @param natural the leaf's parameters
/// @param x, y points, coordinates at strides xs and ys
template <class T>
__device__ inline LeafAtPair<T> leaf_at(
    int kind, const T* natural, int d, const int* categorical, const T* x, int xs, const T* y, int ys) {
  const T* inverse = natural + first_length(kind);
  LeafAtPair<T> leaf = {0, 0, 0};
  if (kind < ADDITIVE1) {
    for (int j = 0; j < d; j++) {
      T u = difference(x[(size_t)j * xs], y[(size_t)j * ys], categorical[j]) * inverse[j];
      leaf.first += u * u;
    }
    leaf.value = natural[0] * radial_profile(kind, leaf.first, kind == RATIONAL_QUADRATIC ? inverse[d] : T(1));
  } else {
    for (int j = 0; j < d; j++) {
      T u = difference(x[(size_t)j * xs], y[(size_t)j * ys], categorical[j]) * inverse[j];
      T z = matern52(u * u);
      leaf.second += leaf.first * z;  // each pair once: the square of the sum would cancel
      leaf.first += z;
    }
    leaf.value = natural[0] * leaf.first;
    if (kind == ADDITIVE2) leaf.value += natural[1] * leaf.second;
  }
  return leaf;
}

template <class T>
__device__ inline T combine(const Covariance& c, const T* values) {
  T sum = 0;
  for (int t = 0; t < c.terms; t++) {
    T product = 1;
    for (int l = 0; l < c.leaves; l++)
      if (c.leaves_of[t] >> l & 1) product *= values[l];
    sum += product;
  }
  return sum;
}

/// dk/dvalue of one leaf.
template <class T>
__device__ inline T leaf_factor(const Covariance& c, const T* values, int leaf) {
  T sum = 0;
  for (int t = 0; t < c.terms; t++) {
    if (!(c.leaves_of[t] >> leaf & 1)) continue;
    T product = 1;
    for (int l = 0; l < c.leaves; l++)
      if (l != leaf && (c.leaves_of[t] >> l & 1)) product *= values[l];
    sum += product;
  }
  return sum;
}

/// k(x, y).
template <class T>
__device__ inline T covariance_at(
    const Covariance& c, const T* natural, int d, const int* categorical, const T* x, int xs, const T* y, int ys) {
  if (c.leaves == 1) return leaf_at(c.kind[0], natural + c.at[0], d, categorical, x, xs, y, ys).value;
  T values[MAX_LEAVES];
  for (int l = 0; l < c.leaves; l++)
    values[l] = leaf_at(c.kind[l], natural + c.at[l], d, categorical, x, xs, y, ys).value;
  return combine(c, values);
}

/// k(x, x), which does not depend on x.
template <class T>
__device__ inline T covariance_diagonal(const Covariance& c, const T* natural, int d) {
  T values[MAX_LEAVES];
  for (int l = 0; l < c.leaves; l++) {
    const T* own = natural + c.at[l];
    values[l] = c.kind[l] < ADDITIVE1 ? own[0] : own[0] * d;
    if (c.kind[l] == ADDITIVE2) values[l] += own[1] * (T(d) * (d - 1) / 2);
  }
  return combine(c, values);
}

/// Numbers of shared memory that weighted_gradient needs for a block of that many threads.
__host__ __device__ constexpr int gradient_scratch(int threads) { return 4 * threads + 32; }

/// Two points, coordinates at strides that the caller knows.
template <class T>
struct Points {
  const T *x, *y;
};

/// Adds the sum over i < count of weight(i) dk(x, y)/dparameter, of pairs i, to `gradient`, by one block: first a thread
/// for each pair, then a warp for each coordinate. The parameters are the covariance's hyperparameters (HYPER, gradient
/// at the indices of theta) or the coordinates of x, which then is the same in every pair (gradient of d numbers; 0 for
/// categories).
/// All threads of the block call it, which begins with a barrier; the gradient is whole after the next one.
///
/// @param pair function of i: Points, x's coordinates at stride xs and y's at stride ys
/// @param weight function of i
/// @param shared gradient_scratch(blockDim.x) numbers
template <bool HYPER, class T, class Pair, class Weight>
__device__ inline void weighted_gradient_of_pairs(
    const Covariance& c, const T* natural, int d, const int* categorical, Pair pair, int xs, int ys, int count,
    Weight weight, T* gradient, T* shared) {
  T* factor = shared;                    // weight times what multiplies the leaf
  T* slope = shared + blockDim.x;        // radial: df/ds; additive: sum of z_j
  T* own = shared + 2 * blockDim.x;      // contributions to the leaf's scale
  T* own2 = shared + 3 * blockDim.x;     // ... to the second scale, or the shape
  for (int from = 0; from < count; from += blockDim.x) {
    int chunk = min((int)blockDim.x, count - from);
    for (int l = 0; l < c.leaves; l++) {
      int kind = c.kind[l];
      const T* mine = natural + c.at[l];
      const T* inverse = mine + first_length(kind);
      T shape = kind == RATIONAL_QUADRATIC ? inverse[d] : T(1);
      __syncthreads();
      int i = threadIdx.x;
      if (i < chunk) {
        Points<T> points = pair(from + i);
        T values[MAX_LEAVES];
        LeafAtPair<T> at = {0, 0, 0};
        for (int m = 0; m < c.leaves; m++) {
          LeafAtPair<T> leaf = leaf_at(c.kind[m], natural + c.at[m], d, categorical, points.x, xs, points.y, ys);
          values[m] = leaf.value;
          if (m == l) at = leaf;
        }
        T w = weight(from + i) * leaf_factor(c, values, l);
        if (kind < ADDITIVE1) {
          factor[i] = w * mine[0] * radial_slope(kind, at.first, shape);
          own[i] = w * at.value;
          own2[i] = kind == RATIONAL_QUADRATIC ? w * mine[0] * shape_slope(at.first, shape) : T(0);
        } else {
          factor[i] = w;
          slope[i] = at.first;
          own[i] = w * mine[0] * at.first;
          own2[i] = kind == ADDITIVE2 ? w * mine[1] * at.second : T(0);
        }
      }
      __syncthreads();
      for (int j = warp(); j < d; j += warps()) {
        T sum = 0;
        for (int k = lane(); k < chunk; k += WARP) {
          Points<T> points = pair(from + k);
          T u = difference(points.x[(size_t)j * xs], points.y[(size_t)j * ys], categorical[j]) * inverse[j];
          T f = factor[k];
          if (kind >= ADDITIVE1) {
            T z = matern52(u * u);
            f *= matern52_slope(u * u) * (mine[0] + (kind == ADDITIVE2 ? mine[1] * (slope[k] - z) : T(0)));
          }
          sum += f * (HYPER ? u * u : u);
        }
        sum = warp_sum(sum);
        if (lane() == 0) {
          if (HYPER) gradient[c.at[l] + first_length(kind) + j] -= 2 * sum;
          else if (!categorical[j]) gradient[j] += 2 * sum * inverse[j];
        }
      }
      if (HYPER && warp() == 0) {
        T scale = 0, other = 0;
        for (int k = lane(); k < chunk; k += WARP) {
          scale += own[k];
          other += own2[k];
        }
        scale = warp_sum(scale);
        other = warp_sum(other);
        if (lane() == 0) {
          gradient[c.at[l]] += scale;
          if (kind == ADDITIVE2) gradient[c.at[l] + 1] += other;
          if (kind == RATIONAL_QUADRATIC) gradient[c.at[l] + 1 + d] += other;
        }
      }
    }
  }
}

/// The same for the pairs of one x with points x_i.
/// @param x coordinates at stride xs; points x_i at y[j * ldy + i]
template <bool HYPER, class T, class Weight>
__device__ inline void weighted_gradient(
    const Covariance& c, const T* natural, int d, const int* categorical, const T* x, int xs, const T* y, int ldy,
    int count, Weight weight, T* gradient, T* shared) {
  auto pair = [=](int i) { return Points<T>{x, y + i}; };
  weighted_gradient_of_pairs<HYPER>(c, natural, d, categorical, pair, xs, ldy, count, weight, gradient, shared);
}

}  // namespace assay
