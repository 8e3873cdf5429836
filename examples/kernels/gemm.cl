// C = A B, single precision, row-major: A is m x k, B is k x n, C is m x n.
//
// A work item computes tile_y x tile_x elements of C. Where `adjacent` is 1 its columns lie side by side, otherwise
// block_x apart, so that neighbours read neighbours. Where `use_local` is 1 a work group first brings tile_k columns of A and
// rows of B to local memory.
//
// m, n, k are constants of the study; the sizes of blocks times tiles need not divide them.

#define rows (block_y * tile_y)
#define columns (block_x * tile_x)

#if adjacent
#define column(i) (get_local_id(0) * tile_x + (i))
#else
#define column(i) (get_local_id(0) + (i) * block_x)
#endif

__kernel __attribute__((reqd_work_group_size(block_x, block_y, 1)))
void gemm(__global const float *restrict a, __global const float *restrict b, __global float *restrict c) {
  const int row = get_group_id(1) * rows + get_local_id(1) * tile_y;
  const int first = get_group_id(0) * columns;
  float sum[tile_y][tile_x];
  for (int j = 0; j < tile_y; j++)
    for (int i = 0; i < tile_x; i++) sum[j][i] = 0;

#if use_local
  __local float left[rows][tile_k];
  __local float right[tile_k][columns];
  const int own = get_local_id(1) * block_x + get_local_id(0);
  for (int start = 0; start < k; start += tile_k) {
    for (int e = own; e < rows * tile_k; e += block_x * block_y) {
      const int y = get_group_id(1) * rows + e / tile_k, z = start + e % tile_k;
      left[e / tile_k][e % tile_k] = y < m && z < k ? a[y * k + z] : 0;
    }
    for (int e = own; e < tile_k * columns; e += block_x * block_y) {
      const int z = start + e / columns, x = first + e % columns;
      right[e / columns][e % columns] = z < k && x < n ? b[z * n + x] : 0;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int z = 0; z < tile_k; z++)
      for (int j = 0; j < tile_y; j++) {
        const float value = left[get_local_id(1) * tile_y + j][z];
#pragma unroll
        for (int i = 0; i < tile_x; i++) sum[j][i] += value * right[z][column(i)];
      }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
#else
  for (int z = 0; z < k; z++)
    for (int j = 0; j < tile_y; j++) {
      const float value = row + j < m ? a[(row + j) * k + z] : 0;
#pragma unroll
      for (int i = 0; i < tile_x; i++)
        if (n % columns == 0 || first + column(i) < n) sum[j][i] += value * b[z * n + first + column(i)];
    }
#endif

  for (int j = 0; j < tile_y; j++)
    for (int i = 0; i < tile_x; i++)
      if (row + j < m && first + column(i) < n) c[(row + j) * n + first + column(i)] = sum[j][i];
}
