// Acquisition functions at one point from the predictions of K models there, and their derivatives in every mean and
// variance.
//
// phi, Phi: the standard normal's density and distribution; h(u) = phi(u) + u Phi(u). Sources: Ament et al. 2023, Eq. 9;
// Jones, Schonlau and Welch 1998, Eq. 15; Srinivas et al. 2010, Eq. 6; Kushner 1964; Yang et al. 2019, Eq. 15; Huang et
// al. 2006, Eq. 12. erfcx by the rational approximations of Cody 1969 (Mathematics of Computation 23, 631-637).
#pragma once
#include "device.cuh"

namespace assay {

enum TermKind { LOG_EI = 0, EI = 1, PI = 2, LOG_PI = 3, UCB = 4, BATCH = 5, HYPERVOLUME = 6, DISCOUNT = 7 };

constexpr int OBJECTIVES = 3;

template <class T>
__device__ inline T log_root_2pi() { return T(0.91893853320467274178); }
template <class T>
__device__ inline T root_half() { return T(0.70710678118654752440); }
template <class T>
__device__ inline T root_half_pi() { return T(1.25331413731550025121); }

/// exp(x^2) erfc(x), relative error below 1e-15; overflows to infinity below x = -26.6.
template <class T>
__device__ __noinline__ T erfcx_cody(T x) {
  T a = fabs(x);
  if (a < T(0.46875)) {
    T s = x * x;
    T above = (((T(1.85777706184603153e-1) * s + T(3.16112374387056560e0)) * s + T(1.13864154151050156e2)) * s +
               T(3.77485237685302021e2)) * s + T(3.20937758913846947e3);
    T below = (((s + T(2.36012909523441209e1)) * s + T(2.44024637934444173e2)) * s + T(1.28261652607737228e3)) * s +
              T(2.84423683343917062e3);
    return exp(s) * (1 - x * (above / below));
  }
  T value;
  if (a <= 4) {
    T above = (((((((T(2.15311535474403846e-8) * a + T(5.64188496988670089e-1)) * a + T(8.88314979438837594e0)) * a +
                   T(6.61191906371416295e1)) * a + T(2.98635138197400131e2)) * a + T(8.81952221241769090e2)) * a +
                T(1.71204761263407058e3)) * a + T(2.05107837782607147e3)) * a + T(1.23033935479799725e3);
    T below = (((((((a + T(1.57449261107098347e1)) * a + T(1.17693950891312499e2)) * a + T(5.37181101862009858e2)) * a +
                  T(1.62138957456669019e3)) * a + T(3.29079923573345963e3)) * a + T(4.36261909014324716e3)) * a +
               T(3.43936767414372164e3)) * a + T(1.23033935480374942e3);
    value = above / below;
  } else {
    T s = 1 / (a * a);
    T above = ((((T(1.63153871373020978e-2) * s + T(3.05326634961232344e-1)) * s + T(3.60344899949804439e-1)) * s +
                T(1.25781726111229246e-1)) * s + T(1.60837851487422766e-2)) * s + T(6.58749161529837803e-4);
    T below = ((((s + T(2.56852019228982242e0)) * s + T(1.87295284992346725e0)) * s + T(5.27905102951428412e-1)) * s +
               T(6.05183413124413191e-2)) * s + T(2.33520497626869185e-3);
    value = (T(0.56418958354775628695) - s * (above / below)) / a;  // 1/sqrt(pi)
  }
  return x > 0 ? value : 2 * exp(x * x) - value;
}

template <class T>
__device__ inline T density(T u) { return exp(-u * u / 2 - log_root_2pi<T>()); }

template <class T>
__device__ __noinline__ T cumulative(T u) {
  T tail = erfcx_cody(fabs(u) * root_half<T>()) * exp(-u * u / 2) / 2;
  return u < 0 ? tail : 1 - tail;
}

template <class T>
__device__ inline T log_cumulative(T u) {
  T scaled = erfcx_cody(fabs(u) * root_half<T>()) / 2;
  return u < 0 ? log(scaled) - u * u / 2 : log1p(-scaled * exp(-u * u / 2));
}

/// phi(u)/Phi(u).
template <class T>
__device__ inline T inverse_mills(T u) {
  return u < 0 ? 1 / (root_half_pi<T>() * erfcx_cody(-u * root_half<T>())) : density(u) / cumulative(u);
}

/// 1 + u Phi(u)/phi(u) for u < 0; below -12, where that cancels, by its asymptotic series 1/u^2 - 3/u^4 + 15/u^6 - ...
template <class T>
__device__ inline T shortfall(T u) {
  if (u > -12) return 1 + u * root_half_pi<T>() * erfcx_cody(-u * root_half<T>());
  T inverse = 1 / (u * u), term = inverse, sum = 0;
  for (int k = 1; k <= 14; k++) {
    sum += term;
    term *= -(2 * k + 1) * inverse;
  }
  return sum;
}

/// log h(u).
template <class T>
__device__ __noinline__ T log_h(T u) {
  return u > -1 ? log(density(u) + u * cumulative(u)) : -u * u / 2 - log_root_2pi<T>() + log(shortfall(u));
}

/// Phi(u)/h(u), its derivative.
template <class T>
__device__ __noinline__ T log_h_slope(T u) {
  return u > -1 ? cumulative(u) / (density(u) + u * cumulative(u))
                : root_half_pi<T>() * erfcx_cody(-u * root_half<T>()) / shortfall(u);
}

/// One candidate's predictions and, where they are wanted, the derivatives that terms add to.
template <class T>
struct Predictions {
  const T* means;  // at t, stride m between models
  const T* variances;
  T* dmeans;
  T* dsd;
  int m;

  __device__ T mean(int model) const { return means[(size_t)model * m]; }
  __device__ T sd(int model) const {
    T variance = variances[(size_t)model * m];
    return sqrt(variance > T(1e-16) ? variance : T(1e-16));  // below, it is rounding error
  }
  __device__ void add(int model, T dmean, T dsd_) const {
    dmeans[(size_t)model * m] += dmean;
    dsd[(size_t)model * m] += dsd_;
  }
};

template <class T>
__device__ inline T log_ei(const Predictions<T>& at, int model, T incumbent) {
  T s = at.sd(model);
  return log(s) + log_h((incumbent - at.mean(model)) / s);
}

template <class T>
__device__ inline void add_log_ei_slope(const Predictions<T>& at, int model, T incumbent, T weight) {
  T s = at.sd(model);
  T u = (incumbent - at.mean(model)) / s;
  T slope = log_h_slope(u);
  at.add(model, -weight * slope / s, weight * (1 - u * slope) / s);
}

/// log E[max(0, bound - f)].
template <class T>
__device__ inline T log_psi(T bound, T mean, T sd) {
  return bound == -INFINITY ? T(-INFINITY) : log(sd) + log_h((bound - mean) / sd);
}

/// log (psi(upper) - psi(lower)).
template <class T>
__device__ inline T log_slab(T lower, T upper, T mean, T sd) {
  T above = log_psi(upper, mean, sd);
  T ratio = exp(log_psi(lower, mean, sd) - above);
  return above + log1p(-min(ratio, T(1 - 1e-16)));
}

template <class T>
__device__ inline T log_cell(const Predictions<T>& at, int model, int objectives, const T* cell) {
  T sum = 0;
  for (int k = 0; k < objectives; k++)
    sum += log_slab(cell[k], cell[OBJECTIVES + k], at.mean(model + k), at.sd(model + k));
  return sum;
}

template <class T>
__device__ inline void add_cell_slope(
    const Predictions<T>& at, int model, int objectives, const T* cell, T weight) {
  for (int k = 0; k < objectives; k++) {
    T mean = at.mean(model + k), s = at.sd(model + k);
    T lower = cell[k], upper = cell[OBJECTIVES + k];
    T ratio = min(exp(log_psi(lower, mean, s) - log_psi(upper, mean, s)), T(1 - 1e-16));
    T u = (upper - mean) / s;
    T slope = log_h_slope(u), part = weight / (1 - ratio);
    at.add(model + k, -part * slope / s, part * (1 - u * slope) / s);
    if (ratio > 0) {
      u = (lower - mean) / s;
      slope = log_h_slope(u);
      part = -weight * ratio / (1 - ratio);
      at.add(model + k, -part * slope / s, part * (1 - u * slope) / s);
    }
  }
}

template <class T>
__device__ inline T batch_term(
    const Predictions<T>& at, const int* model, const T* incumbent, int count, T weight, int derive) {
  T top = -INFINITY, sum = 0;  // sum of exp(value - top)
  for (int i = 0; i < count; i++) {
    T value = log_ei(at, model[i], incumbent[i]);
    if (value > top) {
      sum = sum * exp(top - value) + 1;
      top = value;
    } else {
      sum += exp(value - top);
    }
  }
  T total = top + log(sum);
  if (derive)
    for (int i = 0; i < count; i++)
      add_log_ei_slope(at, model[i], incumbent[i], weight * exp(log_ei(at, model[i], incumbent[i]) - total));
  return total - log(T(count));
}

template <class T>
__device__ inline T hypervolume_term(
    const Predictions<T>& at, int model, int objectives, const T* cells, int count, T weight, int derive) {
  T top = -INFINITY;
  for (int i = 0; i < count; i++) {
    T value = log_cell(at, model, objectives, cells + (size_t)i * 2 * OBJECTIVES);
    top = value > top ? value : top;
  }
  T sum = 0;
  for (int i = 0; i < count; i++) sum += exp(log_cell(at, model, objectives, cells + (size_t)i * 2 * OBJECTIVES) - top);
  T total = top + log(sum);
  for (int i = 0; derive && i < count; i++) {
    const T* cell = cells + (size_t)i * 2 * OBJECTIVES;
    T share = weight * exp(log_cell(at, model, objectives, cell) - total);
    if (share != 0) add_cell_slope(at, model, objectives, cell, share);
  }
  return total;
}

template <class T>
__device__ inline T simple_term(const Predictions<T>& at, int kind, int model, T parameter, T weight, int derive) {
  T mean = at.mean(model), s = at.sd(model);
  T u = (parameter - mean) / s;
  T value, dmean, dsd;
  switch (kind) {
    case LOG_EI: {
      T slope = log_h_slope(u);
      value = log(s) + log_h(u);
      dmean = -slope / s;
      dsd = (1 - u * slope) / s;
      break;
    }
    case EI:
      value = s * exp(log_h(u));
      dmean = -cumulative(u);
      dsd = density(u);
      break;
    case UCB:
      value = parameter * s - mean;
      dmean = -1;
      dsd = parameter;
      break;
    case DISCOUNT: {  // log (1 - sigma / r), r^2 = s^2 + sigma^2; the parameter is sigma^2
      T square = s * s + parameter, r = sqrt(square), sigma = sqrt(parameter);
      value = log(s * s / (r * (r + sigma)));
      dmean = 0;
      dsd = sigma * (r + sigma) / (s * square);
      break;
    }
    default: {
      T slope = kind == LOG_PI ? inverse_mills(u) : density(u);
      value = kind == LOG_PI ? log_cumulative(u) : cumulative(u);
      dmean = -slope / s;
      dsd = -slope * u / s;
    }
  }
  if (derive) at.add(model, weight * dmean, weight * dsd);
  return value;
}

/// A weighted sum of terms, as AcquisitionProgram.java writes it.
///
/// @see acquisition.cu for the arrays
template <class T>
struct Acquisition {
  int terms;
  const int* shape;
  const T* number;
  const int* fantasy_model;
  const T* fantasy_incumbent;
  const T* cells;
};

/// The value at point t of m; where `derive` also its derivatives. By one thread.
template <class T>
__device__ __noinline__ T acquisition_at(
    const Acquisition<T>& a, int models, int m, int t, const T* means, const T* variances, int derive, T* dmeans,
    T* dvariances) {
  Predictions<T> at = {means + t, variances + t, dmeans + t, dvariances + t, m};
  for (int k = 0; derive && k < models; k++) dmeans[(size_t)k * m + t] = dvariances[(size_t)k * m + t] = 0;
  T sum = 0;
  for (int q = 0; q < a.terms; q++) {
    int kind = a.shape[4 * q], model = a.shape[4 * q + 1], first = a.shape[4 * q + 2], count = a.shape[4 * q + 3];
    T weight = a.number[2 * q], parameter = a.number[2 * q + 1];
    T value;
    if (kind == BATCH)
      value = batch_term(at, a.fantasy_model + first, a.fantasy_incumbent + first, count, weight, derive);
    else if (kind == HYPERVOLUME)
      value = hypervolume_term(at, model, (int)parameter, a.cells + (size_t)first * 2 * OBJECTIVES, count, weight, derive);
    else
      value = simple_term(at, kind, model, parameter, weight, derive);
    sum += weight * value;
  }
  for (int k = 0; derive && k < models; k++) {  // d/ds to d/ds^2
    T variance = variances[(size_t)k * m + t];
    T& slope = dvariances[(size_t)k * m + t];
    slope = variance > T(1e-16) ? slope / (2 * sqrt(variance)) : T(0);
  }
  return sum;
}

}  // namespace assay
