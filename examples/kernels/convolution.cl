// out(y, x) = sum over the filter of image(y + j, x + i) * filter(j, i); single precision, row-major. The image is
// height + filter_size - 1 rows of width + filter_size - 1.
//
// A work item computes tile_y x tile_x elements: side by side where `adjacent` is 1, otherwise block_x columns apart. Where
// `use_local` is 1 a work group first brings its part of the image to local memory.
//
// width, height and filter_size are constants of the study.

#define rows (block_y * tile_y)
#define columns (block_x * tile_x)
#define border (filter_size - 1)
#define pitch (width + border)

#if adjacent
#define column(i) (get_local_id(0) * tile_x + (i))
#else
#define column(i) (get_local_id(0) + (i) * block_x)
#endif

__kernel __attribute__((reqd_work_group_size(block_x, block_y, 1)))
void convolution(__global const float *restrict image, __global const float *restrict filter, __global float *restrict out) {
  const int top = get_group_id(1) * rows, left = get_group_id(0) * columns;
  const int own = get_local_id(1) * tile_y;
  float sum[tile_y][tile_x];
  for (int y = 0; y < tile_y; y++)
    for (int x = 0; x < tile_x; x++) sum[y][x] = 0;

#if use_local
  __local float part[rows + border][columns + border];
  for (int e = get_local_id(1) * block_x + get_local_id(0); e < (rows + border) * (columns + border); e += block_x * block_y) {
    const int y = e / (columns + border), x = e % (columns + border);
    part[y][x] = top + y < height + border && left + x < pitch ? image[(top + y) * pitch + left + x] : 0;
  }
  barrier(CLK_LOCAL_MEM_FENCE);
#define pixel(y, x) part[y][x]
#else
#define pixel(y, x) image[(top + (y)) * pitch + left + (x)]
#endif

  for (int j = 0; j < filter_size; j++)
    for (int i = 0; i < filter_size; i++) {
      const float weight = filter[j * filter_size + i];
#pragma unroll
      for (int y = 0; y < tile_y; y++)
#pragma unroll
        for (int x = 0; x < tile_x; x++)
#if !use_local
          if ((height % rows == 0 || top + own + y < height) && (width % columns == 0 || left + column(x) < width))
#endif
            sum[y][x] += weight * pixel(own + y + j, column(x) + i);
    }

  for (int y = 0; y < tile_y; y++)
    for (int x = 0; x < tile_x; x++)
      if (top + own + y < height && left + column(x) < width)
        out[(top + own + y) * width + left + column(x)] = sum[y][x];
}
