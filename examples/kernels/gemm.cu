// C = A B, single precision, row-major: A is m x k, B is k x n, C is m x n.
//
// A thread computes tile_y x tile_x elements of C, block_x columns apart, so that neighbours read neighbours. A block brings tile_k
// columns of A and rows of B to shared memory.
//
// m, n, k are constants of the study; the sizes of blocks times tiles need not divide them.

#define rows (block_y * tile_y)
#define columns (block_x * tile_x)

extern "C" __global__ void __launch_bounds__(block_x * block_y)
gemm(const float *__restrict__ a, const float *__restrict__ b, float *__restrict__ c) {
  extern __shared__ float shared[];
  float (*left)[tile_k] = reinterpret_cast<float (*)[tile_k]>(shared);
  float (*right)[columns] = reinterpret_cast<float (*)[columns]>(shared + rows * tile_k);
  const int top = blockIdx.y * rows, first = blockIdx.x * columns;
  const int own = threadIdx.y * block_x + threadIdx.x;
  float sum[tile_y][tile_x] = {};
  for (int start = 0; start < k; start += tile_k) {
    for (int e = own; e < rows * tile_k; e += block_x * block_y) {
      const int y = top + e / tile_k, z = start + e % tile_k;
      left[e / tile_k][e % tile_k] = y < m && z < k ? a[y * k + z] : 0;
    }
    for (int e = own; e < tile_k * columns; e += block_x * block_y) {
      const int z = start + e / columns, x = first + e % columns;
      right[e / columns][e % columns] = z < k && x < n ? b[z * n + x] : 0;
    }
    __syncthreads();
#pragma unroll
    for (int z = 0; z < tile_k; z++)
#pragma unroll
      for (int j = 0; j < tile_y; j++)
#pragma unroll
        for (int i = 0; i < tile_x; i++)
          sum[j][i] += left[threadIdx.y * tile_y + j][z] * right[z][threadIdx.x + i * block_x];
    __syncthreads();
  }
  for (int j = 0; j < tile_y; j++)
    for (int i = 0; i < tile_x; i++) {
      const int y = top + threadIdx.y * tile_y + j, x = first + threadIdx.x + i * block_x;
      if (y < m && x < n) c[y * n + x] = sum[j][i];
    }
}
