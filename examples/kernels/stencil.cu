// One step of a seven-point stencil on a grid of size^3 (Jacobi): out = center * in + side * (the six neighbours of in), inside; the
// boundary is copied. A thread walks tile_z points along z and keeps the last three of its column.
extern "C" __global__ void stencil(const float *__restrict__ in, float *__restrict__ out, const float center, const float side) {
  const int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
  const int first = blockIdx.z * tile_z;
  if (x >= size || y >= size) return;
  const int plane = size * size;
  const int at = y * size + x;
  float below = first > 0 ? in[(first - 1) * plane + at] : 0;
  float here = in[first * plane + at];
  constexpr int steps = unrolled;  // nvcc looks for a constant here, and no macro
#pragma unroll steps
  for (int z = first; z < first + tile_z; z++) {
    if (z >= size) break;
    const float above = z + 1 < size ? in[(z + 1) * plane + at] : 0;
    const int i = z * plane + at;
    const int inside = x > 0 && x < size - 1 && y > 0 && y < size - 1 && z > 0 && z < size - 1;
    out[i] = inside
        ? center * here + side * (below + above + in[i - 1] + in[i + 1] + in[i - size] + in[i + size])
        : here;
    below = here;
    here = above;
  }
}
