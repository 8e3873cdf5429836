// Acquisition values at m candidates from the predictions of K models, and their derivatives in every mean and variance.
//
// acquisition: value[t] = sum over terms of weight * term; a term is one of the kinds below. With derivatives also
//   dmeans and dvariances (K x m). Launch: ceil(m/256) blocks of 256 threads, a thread for each candidate.
//   @param shape (terms x 4): kind, model, first, count     @param number (terms x 2): weight, incumbent, kappa or noise
//   @param fantasy_model, fantasy_incumbent: `count` of them from `first` on, of a BATCH term
//   @param cells: `count` cells of 6 numbers (lower, upper of up to three objectives) from `first` on, of a HYPERVOLUME
//     term; its number holds the count of objectives, which are models `model`, model + 1, ...
#include "acquisition.cuh"

namespace assay {

template <class T>
__device__ inline void acquisition(
    int terms, const int* shape, const T* number, const int* fantasy_model, const T* fantasy_incumbent, const T* cells,
    int models, int m, const T* means, const T* variances, int derive, T* values, T* dmeans, T* dvariances) {
  int t = blockIdx.x * blockDim.x + threadIdx.x;
  if (t >= m) return;
  Acquisition<T> a = {terms, shape, number, fantasy_model, fantasy_incumbent, cells};
  values[t] = acquisition_at(a, models, m, t, means, variances, derive, dmeans, dvariances);
}

}  // namespace assay

KERNEL(
    acquisition,
    (int terms, const int* shape, const double* number, const int* fantasy_model, const double* fantasy_incumbent,
     const double* cells, int models, int m, const double* means, const double* variances, int derive, double* values,
     double* dmeans, double* dvariances),
    (terms, shape, number, fantasy_model, fantasy_incumbent, cells, models, m, means, variances, derive, values,
     dmeans, dvariances))
