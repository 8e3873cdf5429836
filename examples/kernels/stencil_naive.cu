// As it is written down: what stencil.cu is verified against.
extern "C" __global__ void stencil_naive(const float *in, float *out, const float center, const float side) {
  const int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y, z = blockIdx.z;
  if (x >= size || y >= size) return;
  const int i = (z * size + y) * size + x;
  if (x == 0 || x == size - 1 || y == 0 || y == size - 1 || z == 0 || z == size - 1) {
    out[i] = in[i];
    return;
  }
  out[i] = center * in[i]
      + side * (in[i - 1] + in[i + 1] + in[i - size] + in[i + size] + in[i - size * size] + in[i + size * size]);
}
