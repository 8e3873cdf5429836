// What lanes need for an epoch, made where it is needed: the order of their rows, the same as dev.assay.train.Lane.shuffle, and the numbers
// of their steps, the same as dev.assay.train.UpdateRule.
//
// order_rows: rows[lane.to + i] := learnt[lane.from + permutation of the lane and epoch (i)], i < lane.count: the shuffle of Fisher
//   and Yates, whose draws are addressed by (key, stream, draw), so that all threads make them; one thread exchanges.
//   steps[2 (lane.first_step + s)] := the rate of step s and, next to it, epsilon, by a thread of another warp meanwhile.
//   Launch: a block of 256 threads for each lane. Shared memory: 4 * 1024 bytes, and 4 for every two of the most rows of a lane, which
//   are 65,536 at most.
//   @param orders 20 integers a lane: from, count, to; then, the lower half of each first, key, stream and as FP64 the rate of learning, the
//     products of beta 1 and beta 2 so far, and these; where its steps begin, how many, adaptive
//   @param learnt ascending row numbers, of all lanes
//
// Sources: Durstenfeld 1964, "Algorithm 235: random permutation"; Lemire 2019, "Fast random integer generation in an interval" (a bound
// by one multiplication, without rejection).
#include "philox.cuh"

namespace assay {

constexpr int DRAWS = 1024;  // made at a time: four by each thread, of one block of the generator

struct RowOrder {
  int from, count, to;
  unsigned key0, key1, stream0, stream1;
  unsigned rate[2], power1[2], power2[2], beta1[2], beta2[2];
  int first_step, steps, adaptive;
};

__device__ inline double fp64(const unsigned (&halves)[2]) { return __hiloint2double((int)halves[1], (int)halves[0]); }

/// Products are rounded before anything is subtracted from them, as on the processor.
__device__ inline void number_steps(const RowOrder& o, float* steps) {
  const double EPSILON = 1e-8;
  double rate = fp64(o.rate), power1 = fp64(o.power1), power2 = fp64(o.power2);
  const double beta1 = fp64(o.beta1), beta2 = fp64(o.beta2);
  for (int s = 0; s < o.steps; s++) {
    float* to = steps + 2 * (size_t)(o.first_step + s);
    if (!o.adaptive) {
      to[0] = (float)rate;
      to[1] = 0;
      continue;
    }
    power1 = __dmul_rn(power1, beta1);
    power2 = __dmul_rn(power2, beta2);
    double root = sqrt(1 - power2);
    to[0] = (float)(__dmul_rn(rate, root) / (1 - power1));
    to[1] = (float)(EPSILON * root);
  }
}

}  // namespace assay

extern "C" __global__ void __launch_bounds__(256, 1) order_rows_f32(
    const int* orders, const int* learnt, int* rows, float* steps) {
  using namespace assay;
  SHARED_ARRAY(unsigned, draws);
  unsigned short* place = reinterpret_cast<unsigned short*>(draws + DRAWS);
  const RowOrder& o = reinterpret_cast<const RowOrder*>(orders)[blockIdx.x];
  unsigned long long key = (unsigned long long)o.key1 << 32 | o.key0, stream = (unsigned long long)o.stream1 << 32 | o.stream0;
  if (threadIdx.x == WARP) number_steps(o, steps);
  // Row numbers themselves where two bytes hold them, of which the last is the largest; otherwise where they stand. Two at a time: what
  // lies in one word is written by one thread.
  bool small = o.count > 0 && learnt[o.from + o.count - 1] < 1 << 16;
  unsigned* places = reinterpret_cast<unsigned*>(place);
  for (int base = 2 * WARP * warp(); base < o.count; base += 2 * WARP * warps()) {
    int left = base + lane(), right = left + WARP;
    if (small) {
      left = learnt[o.from + min(left, o.count - 1)];
      right = learnt[o.from + min(right, o.count - 1)];
    }
    int from = 2 * lane() % WARP;
    int low[] = {__shfl_sync(ALL_LANES, left, from), __shfl_sync(ALL_LANES, right, from)};
    int high[] = {__shfl_sync(ALL_LANES, left, from + 1), __shfl_sync(ALL_LANES, right, from + 1)};
    bool upper = lane() >= WARP / 2;
    if (base + 2 * lane() < o.count) places[base / 2 + lane()] = (upper ? low[1] : low[0]) | (upper ? high[1] : high[0]) << 16;
  }
  for (int first = 0; first < o.count - 1; first += DRAWS) {
    __syncthreads();
    for (int block = threadIdx.x; block < DRAWS / 4; block += blockDim.x) {
      Philox bits(key, stream, first / 4 + block);
      unsigned drawn[4];
      for (int q = 0; q < 4; q++) {
        int left = o.count - (first + 4 * block + q);  // places that are not settled yet
        drawn[q] = left > 1 ? __umulhi(bits.x[q], (unsigned)left) : 0;
      }
      *reinterpret_cast<uint4*>(draws + 4 * block) = make_uint4(drawn[0], drawn[1], drawn[2], drawn[3]);
    }
    __syncthreads();
    if (threadIdx.x == 0) {
      int many = min(DRAWS, o.count - 1 - first);
      for (int k = 0; k < many; k++) {
        int i = o.count - 1 - first - k, j = (int)draws[k];
        unsigned short mine = place[i];
        place[i] = place[j];
        place[j] = mine;
      }
    }
  }
  __syncthreads();
  for (int i = threadIdx.x; i < o.count; i += blockDim.x) rows[o.to + i] = small ? place[i] : learnt[o.from + place[i]];
}
