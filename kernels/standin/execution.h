// Runs kernels on the processor: blocks whose threads are fibers.
//
// A test artifact. Threads of a block run one after the other, each to its next barrier or shuffle: in order, and in
// reverse order on every other launch, or in an order drawn by a seed, so that a missing barrier shows as a wrong
// result. A barrier that some threads of a block (or lanes of a warp) do not reach, or that they reach at different
// instructions, fails the launch, as does the first fault that a check finds. Shared memory begins as NaN in every block
// and ends in a guard that is checked. Only one launch runs at a time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ptx.h"

namespace standin {

enum class State { READY, BLOCK_BARRIER, WARP_BARRIER, DONE };

struct Fiber {
  ptx_axes thread = {0, 0, 0};
  State state = State::READY;
  int place = 0;       // PTX line of the barrier or shuffle it waits at
  unsigned lanes = 0;  // mask of the warp operation it waits in
  bool orders = false; // whether memory is the same for all after it
  void* stack_pointer = nullptr;
  unsigned parity = 0;  // which slot the next shuffle publishes in
  uint32_t slot[2] = {0, 0};
  double factor[2][12] = {};  // likewise of a product of matrices: of its left and its right side
  ptx_depot* depots = nullptr;  // its arrays that are alive, the innermost first
  unsigned* visits = nullptr;   // of each basic block, where they are counted
};

/// What is known of the launch beyond what its threads see.
struct Running {
  std::string kernel;
  const ptx_module* module = nullptr;
  Fiber* current = nullptr;
  Fiber* all = nullptr;
  size_t threads = 0;
  size_t block = 0;  // number of the block that runs
  // The clock goes on whenever a barrier opens or a block begins: what happened before then is before what follows.
  uint32_t clock = 0;
  uint32_t launch_begun = 0, block_begun = 0, block_opened = 0;
  uint32_t warp_opened[32] = {};
};
extern Running running;

struct Order {
  bool reversed = false;
  uint64_t seed = 0;  // 0: in order
};

/// Ends the launch. To be called by a running fiber.
[[noreturn]] void fail(const std::string& text);

/// `PTX line 38 (select.cu:21)`.
std::string place(int line);

/// The index of the running thread in its block.
inline int thread_index() { return int(running.current - running.all); }

/// Leaves out a barrier of a kernel, as a mutation: the tests should notice. Line 0: none.
void leave_out(const std::string& kernel, int line);

/// Runs all blocks; the text of a fault, or nothing.
std::string run(
    const std::string& kernel, const ptx_module& module, ptx_axes grid, ptx_axes block, size_t shared_bytes,
    Order order, const std::function<void()>& body);

}  // namespace standin
