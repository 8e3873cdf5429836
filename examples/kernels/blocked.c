// A matrix product in C, with loops blocked by macros: for people without any device.
//
//   gcc -O3 -march=native -DTILE_I=32 -DTILE_J=64 -DTILE_K=32 -DUNROLL=4 blocked.c -o blocked && ./blocked
//
// Prints the best of five runs in milliseconds, and refuses to when the answer is wrong.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifndef SIZE
#define SIZE 384
#endif

#define PRAGMA(words) _Pragma(#words)
#define UNROLLED(times) PRAGMA(GCC unroll times)

static float a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

static int least(int x, int y) { return x < y ? x : y; }

static void product(void) {
  for (int i = 0; i < SIZE; i++)
    for (int j = 0; j < SIZE; j++) c[i][j] = 0;
  for (int i0 = 0; i0 < SIZE; i0 += TILE_I)
    for (int k0 = 0; k0 < SIZE; k0 += TILE_K)
      for (int j0 = 0; j0 < SIZE; j0 += TILE_J)
        for (int i = i0; i < least(i0 + TILE_I, SIZE); i++)
          for (int k = k0; k < least(k0 + TILE_K, SIZE); k++) {
            const float value = a[i][k];
            UNROLLED(UNROLL)
            for (int j = j0; j < least(j0 + TILE_J, SIZE); j++) c[i][j] += value * b[k][j];
          }
}

int main(void) {
  unsigned state = 1;
  for (int i = 0; i < SIZE; i++)
    for (int j = 0; j < SIZE; j++) {
      a[i][j] = (float)((state = state * 1664525u + 1013904223u) >> 8) / (1 << 24) - 0.5f;
      b[i][j] = (float)((state = state * 1664525u + 1013904223u) >> 8) / (1 << 24) - 0.5f;
    }
  double best = INFINITY;
  for (int run = 0; run < 5; run++) {
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    product();
    clock_gettime(CLOCK_MONOTONIC, &end);
    double ms = (end.tv_sec - start.tv_sec) * 1e3 + (end.tv_nsec - start.tv_nsec) * 1e-6;
    if (ms < best) best = ms;
  }
  for (int probe = 0; probe < 200; probe++) {
    int i = (probe * 7919) % SIZE, j = (probe * 104729) % SIZE;
    double sum = 0;
    for (int k = 0; k < SIZE; k++) sum += (double)a[i][k] * b[k][j];
    if (fabs(sum - c[i][j]) > 1e-3) {
      fprintf(stderr, "wrong answer at %d, %d: %g instead of %g\n", i, j, c[i][j], sum);
      return 1;
    }
  }
  printf("time_ms=%g\n", best);
  return 0;
}
