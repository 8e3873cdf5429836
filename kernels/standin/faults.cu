// Kernels that are wrong on purpose: tests see whether the stand-in notices. Not built for devices.
#include "../device.cuh"

// Half of the threads leave before the barrier.
extern "C" __global__ void fault_exit_before_barrier(double* out) {
  if (threadIdx.x >= blockDim.x / 2) return;
  __syncthreads();
  out[threadIdx.x] = 1;
}

// The halves meet at different barriers.
extern "C" __global__ void fault_two_barriers(double* out) {
  if (threadIdx.x < blockDim.x / 2) {
    __syncthreads();
  } else {
    __syncthreads();
  }
  out[threadIdx.x] = 1;
}

// Half of a warp takes part in a shuffle.
extern "C" __global__ void fault_half_shuffle(double* out) {
  double value = 0;
  if (threadIdx.x % 32 < 16) value = __shfl_xor_sync(0xffffffffu, value, 1);
  out[threadIdx.x] = value;
}

// Reads the neighbour's number without a barrier in between.
extern "C" __global__ void fault_missing_barrier(double* out) {
  SHARED_ARRAY(double, shared);
  shared[threadIdx.x] = threadIdx.x;
  out[threadIdx.x] = shared[(threadIdx.x + 1) % blockDim.x];
}

// The same, right.
extern "C" __global__ void sound_neighbour(double* out) {
  SHARED_ARRAY(double, shared);
  shared[threadIdx.x] = threadIdx.x;
  __syncthreads();
  out[threadIdx.x] = shared[(threadIdx.x + 1) % blockDim.x];
}

// Writes one number beyond the shared memory it was given.
extern "C" __global__ void fault_beyond_shared(double* out) {
  SHARED_ARRAY(double, shared);
  shared[threadIdx.x + 1] = 1;
  out[threadIdx.x] = 1;
}

// Writes one number beyond the array.
extern "C" __global__ void fault_beyond_array(double* out) { out[threadIdx.x + 1] = 1; }

REGISTER_KERNEL(fault_exit_before_barrier)
REGISTER_KERNEL(fault_two_barriers)
REGISTER_KERNEL(fault_half_shuffle)
REGISTER_KERNEL(fault_missing_barrier)
REGISTER_KERNEL(sound_neighbour)
REGISTER_KERNEL(fault_beyond_shared)
REGISTER_KERNEL(fault_beyond_array)
