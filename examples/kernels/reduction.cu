// The sum of n numbers: a thread adds tile times `vector` of them, then the block adds up in shared memory.
extern "C" __global__ void __launch_bounds__(block_x)
reduction(const int *__restrict__ in, int *__restrict__ sum) {
  extern __shared__ int shared[];
  const int own = threadIdx.x;
  int part = 0;
  int i = blockIdx.x * block_x * tile + own;
#pragma unroll 4
  for (int step = 0; step < tile; step++, i += block_x)
    if (i < n / vector) {
#pragma unroll
      for (int j = 0; j < vector; j++) part += in[i * vector + j];
    }
  if (blockIdx.x == 0 && own < n % vector) part += in[n - n % vector + own];  // what vector does not divide
  shared[own] = part;
  __syncthreads();
  for (int reach = block_x / 2; reach > 0; reach /= 2) {
    if (own < reach) shared[own] += shared[own + reach];
    __syncthreads();
  }
  if (own == 0) atomicAdd(sum, shared[0]);
}
