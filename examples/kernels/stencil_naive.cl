// As it is written down: what stencil.cl is verified against.
__kernel void stencil_naive(__global const float *in, __global float *out, const float center, const float side) {
  const int x = get_global_id(0), y = get_global_id(1), z = get_global_id(2);
  if (x >= size || y >= size) return;
  const int i = (z * size + y) * size + x;
  if (x == 0 || x == size - 1 || y == 0 || y == size - 1 || z == 0 || z == size - 1) {
    out[i] = in[i];
    return;
  }
  out[i] = center * in[i]
      + side * (in[i - 1] + in[i + 1] + in[i - size] + in[i + size] + in[i - size * size] + in[i + size * size]);
}
