// Kernels that are wrong on purpose: tests see whether the stand-in notices, and where it says that the fault is. Not
// built for devices. `faults.sh` makes faults.ptx of this file.

extern __shared__ __align__(16) unsigned char shared_bytes[];
#define SHARED_ARRAY(T, name) T* name = reinterpret_cast<T*>(shared_bytes)

// Half of the threads leave before the barrier.
extern "C" __global__ void fault_exit_before_barrier(double* out) {
  if (threadIdx.x >= blockDim.x / 2) return;
  __syncthreads();
  out[threadIdx.x] = 1;
}

// The halves meet at different barriers: the store keeps the compiler from making one of them.
extern "C" __global__ void fault_two_barriers(double* out) {
  if (threadIdx.x < blockDim.x / 2) {
    __syncthreads();
    out[threadIdx.x] = 1;
  } else {
    out[threadIdx.x] = 2;
    __syncthreads();
  }
}

// Half of a warp takes part in a shuffle.
extern "C" __global__ void fault_half_shuffle(double* out) {
  int value = threadIdx.x;
  if (threadIdx.x % 32 < 16) value = __shfl_xor_sync(0xffffffffu, value, 1);
  out[threadIdx.x] = value;
}

// A lane that takes part in a shuffle whose mask leaves it out.
extern "C" __global__ void fault_mask(double* out) {
  out[threadIdx.x] = __shfl_xor_sync(0x0000ffffu, threadIdx.x, 1);
}

// Reads the neighbour's number without a barrier in between.
extern "C" __global__ void fault_missing_barrier(double* out) {
  SHARED_ARRAY(double, shared);
  shared[threadIdx.x] = threadIdx.x;
  out[threadIdx.x] = shared[(threadIdx.x + 1) % blockDim.x];
}

// The same within a warp, after a shuffle: which orders no memory.
extern "C" __global__ void fault_shuffle_for_barrier(double* out) {
  SHARED_ARRAY(double, shared);
  shared[threadIdx.x] = threadIdx.x;
  int one = __shfl_xor_sync(0xffffffffu, 1, 1);
  out[threadIdx.x] = one * shared[threadIdx.x ^ 1];
}

// The same, right.
extern "C" __global__ void sound_neighbour(double* out) {
  SHARED_ARRAY(double, shared);
  shared[threadIdx.x] = threadIdx.x;
  __syncthreads();
  out[threadIdx.x] = shared[(threadIdx.x + 1) % blockDim.x];
}

// The same within a warp, right.
extern "C" __global__ void sound_warp(double* out) {
  SHARED_ARRAY(double, shared);
  shared[threadIdx.x] = threadIdx.x;
  __syncwarp();
  out[threadIdx.x] = shared[threadIdx.x ^ 1];
}

// Every block writes the first number.
extern "C" __global__ void fault_between_blocks(double* out) { if (threadIdx.x == 0) out[0] = blockIdx.x; }

// Takes the number of the lane after the one that it should.
extern "C" __global__ void fault_wrong_lane(double* out) {
  out[threadIdx.x] = __shfl_sync(0xffffffffu, (int)threadIdx.x, (threadIdx.x ^ 1) + 1);
}

// Writes one number beyond the shared memory it was given.
extern "C" __global__ void fault_beyond_shared(double* out) {
  SHARED_ARRAY(double, shared);
  shared[threadIdx.x + 1] = 1;
  out[threadIdx.x] = 1;
}

// Writes one number beyond the array.
extern "C" __global__ void fault_beyond_array(double* out) { out[threadIdx.x + 1] = 1; }

// Reads one number beyond the array.
extern "C" __global__ void fault_read_beyond(double* out) {
  double value = out[threadIdx.x + 1];
  __syncthreads();
  out[threadIdx.x] = value;
}

// Adds to what nobody wrote.
extern "C" __global__ void fault_unwritten(double* out) { out[threadIdx.x] += 1; }

// Reads shared memory that nobody wrote.
extern "C" __global__ void fault_unwritten_shared(double* out) {
  SHARED_ARRAY(double, shared);
  if (threadIdx.x > 0) shared[threadIdx.x] = 1;
  __syncthreads();
  out[threadIdx.x] = shared[threadIdx.x];
}

// Reads two numbers at once from where a pair does not begin.
extern "C" __global__ void fault_misaligned(double* out) {
  double2 pair = *reinterpret_cast<double2*>(out + 1);
  __syncthreads();
  out[threadIdx.x] = pair.x + pair.y;
}

// What is not a number, as it is made here: the bits of infinity less itself.
extern "C" __global__ void bits_of_nan(double* out) {
  double infinity = out[0];
  __syncthreads();
  out[threadIdx.x] = infinity - infinity;
}
