// C = A B as it is written down: what gemm.cu is verified against.
extern "C" __global__ void gemm_naive(const float *a, const float *b, float *c) {
  const int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
  if (x >= n || y >= m) return;
  float sum = 0;
  for (int z = 0; z < k; z++) sum += a[y * k + z] * b[z * n + x];
  c[y * n + x] = sum;
}
