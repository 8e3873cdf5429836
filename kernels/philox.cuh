// Philox4x32-10, the counter-based generator of dev.assay.random.Philox.
//
// Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
#pragma once
#include "device.cuh"

namespace assay {

/// The 128 bits of a counter and a key.
struct Philox {
  unsigned x[4];

  __device__ Philox(unsigned long long key, unsigned long long stream, unsigned long long block)
      : x{(unsigned)block, (unsigned)(block >> 32), (unsigned)stream, (unsigned)(stream >> 32)} {
    unsigned k0 = (unsigned)key, k1 = (unsigned)(key >> 32);
    for (int round = 0; round < 10; round++) {
      unsigned long long p0 = 0xd2511f53ull * x[0], p1 = 0xcd9e8d57ull * x[2];
      unsigned n0 = (unsigned)(p1 >> 32) ^ x[1] ^ k0, n2 = (unsigned)(p0 >> 32) ^ x[3] ^ k1;
      x[1] = (unsigned)p1;
      x[3] = (unsigned)p0;
      x[0] = n0;
      x[2] = n2;
      k0 += 0x9e3779b9u;
      k1 += 0xbb67ae85u;
    }
  }
};

}  // namespace assay
