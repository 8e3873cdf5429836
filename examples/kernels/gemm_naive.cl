// C = A B as it is written down: what gemm.cl is verified against.
__kernel void gemm_naive(__global const float *a, __global const float *b, __global float *c) {
  const int x = get_global_id(0), y = get_global_id(1);
  if (x >= n || y >= m) return;
  float sum = 0;
  for (int z = 0; z < k; z++) sum += a[y * k + z] * b[z * n + x];
  c[y * n + x] = sum;
}
