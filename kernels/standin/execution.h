// Runs CUDA kernels on the processor: the words of the language, and blocks whose threads are fibers.
//
// A test artifact. Threads of a block run one after the other, each to its next barrier, in order, and in reverse order
// on every other launch, so that a missing barrier shows as a wrong result. A barrier that some threads of a block (or
// lanes of a warp) do not reach, or that they reach at different places of the source, fails the launch. Shared memory
// begins as NaN in every block and ends in a guard that is checked. Only one launch runs at a time.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

struct dim3 {
  unsigned x = 1, y = 1, z = 1;
};

namespace standin {

enum class State { READY, BLOCK_BARRIER, WARP_BARRIER, DONE };

struct Fiber {
  dim3 thread;
  State state = State::READY;
  int place = 0;                // source line of the barrier it waits at
  unsigned lanes = 0;           // mask of the warp operation it waits in
  void* stack_pointer = nullptr;
  unsigned parity = 0;          // which slot the next warp operation publishes in
  alignas(8) unsigned char slot[2][8] = {};
};

/// What the running kernel sees of its launch.
struct Launch {
  dim3 grid, block, block_index;
  Fiber* current = nullptr;
  Fiber* all = nullptr;
  unsigned char* shared = nullptr;
};
extern Launch running;

/// Ends the running fiber's turn until the barrier opens.
void wait_at(State barrier, int place, unsigned lanes);

/// Runs all blocks; the text of a fault, or nothing.
std::string run(dim3 grid, dim3 block, size_t shared_bytes, bool reversed, const std::function<void()>& body);

/// A kernel as the driver sees it: how wide its parameters are, and how to call it with pointers to them.
struct Kernel {
  std::string name;
  std::vector<size_t> parameter_bytes;
  std::function<void(void**)> call;
  size_t most_shared = 48 * 1024;
};

/// Every kernel of this library.
std::vector<Kernel>& kernels();

struct Registration {
  template <class... P>
  Registration(const char* name, void (*function)(P...)) {
    kernels().push_back({name, {sizeof(P)...}, [function](void** arguments) {
                           invoke(function, arguments, std::index_sequence_for<P...>{});
                         }});
  }

 private:
  template <class... P, size_t... I>
  static void invoke(void (*function)(P...), void** arguments, std::index_sequence<I...>) {
    function(*static_cast<std::remove_const_t<P>*>(arguments[I])...);
  }
};

inline int lane_index() { return (running.current - running.all) % 32; }

/// Every lane gives a value and gets that of the lane `from`.
template <class T>
inline T shuffle(unsigned lanes, T value, int from, int place) {
  static_assert(sizeof(T) <= 8);
  Fiber* me = running.current;
  unsigned parity = me->parity++ & 1;
  std::memcpy(me->slot[parity], &value, sizeof value);
  int base = (me - running.all) & ~31;
  wait_at(State::WARP_BARRIER, place, lanes);
  T result;
  std::memcpy(&result, running.all[base + (from & 31)].slot[parity], sizeof result);
  return result;
}

}  // namespace standin

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define threadIdx (standin::running.current->thread)
#define blockIdx (standin::running.block_index)
#define blockDim (standin::running.block)
#define gridDim (standin::running.grid)
#define __syncthreads() standin::wait_at(standin::State::BLOCK_BARRIER, __LINE__, 0)
#define __syncwarp() standin::wait_at(standin::State::WARP_BARRIER, __LINE__, 0xffffffffu)
#define __shfl_sync(mask, value, from) standin::shuffle(mask, value, from, __LINE__)
#define __shfl_xor_sync(mask, value, bits) standin::shuffle(mask, value, standin::lane_index() ^ (bits), __LINE__)

#define SHARED_ARRAY(T, name) T* name = reinterpret_cast<T*>(standin::running.shared)

inline unsigned __brev(unsigned v) {
  v = (v >> 1 & 0x55555555u) | (v & 0x55555555u) << 1;
  v = (v >> 2 & 0x33333333u) | (v & 0x33333333u) << 2;
  v = (v >> 4 & 0x0f0f0f0fu) | (v & 0x0f0f0f0fu) << 4;
  v = (v >> 8 & 0x00ff00ffu) | (v & 0x00ff00ffu) << 8;
  return v >> 16 | v << 16;
}

inline double __dmul_rn(double a, double b) { return a * b; }
inline double __dadd_rn(double a, double b) { return a + b; }

/// Threads run one after the other: nothing comes in between.
template <class T>
inline T atomicAdd(T* at, T value) {
  T before = *at;
  *at += value;
  return before;
}

using std::exp;
using std::fabs;
using std::log;
using std::log1p;
using std::max;
using std::memcpy;
using std::min;
using std::sqrt;
using std::tanh;
