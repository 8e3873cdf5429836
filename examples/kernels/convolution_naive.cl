// The convolution as it is written down: what convolution.cl is verified against.
__kernel void convolution_naive(__global const float *image, __global const float *filter, __global float *out) {
  const int x = get_global_id(0), y = get_global_id(1);
  if (x >= width || y >= height) return;
  float sum = 0;
  for (int j = 0; j < filter_size; j++)
    for (int i = 0; i < filter_size; i++)
      sum += image[(y + j) * (width + filter_size - 1) + x + i] * filter[j * filter_size + i];
  out[y * width + x] = sum;
}
