// The fibers behind execution.h.
#include "execution.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <random>

#include "counts.h"
#include "sweep.h"

#ifndef __x86_64__
#include <ucontext.h>
#endif

ptx_launch ptx_now;

namespace standin {

Running running;

namespace {

constexpr size_t STACK_BYTES = 128 * 1024;
constexpr size_t GUARD_BYTES = 64;
constexpr unsigned char GUARD = 0xA5;
constexpr int WARP = 32;

const std::function<void()>* body;
void* scheduler;
std::string first_fault;
std::string left_out_kernel;
int left_out_line = 0;

/// Stacks, each with a page below it that must not be touched.
std::vector<unsigned char*> stacks;

unsigned char* stack(size_t index) {
  while (stacks.size() <= index) {
    size_t page = sysconf(_SC_PAGESIZE);
    void* memory =
        mmap(nullptr, STACK_BYTES + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory, page, PROT_NONE) != 0) std::abort();
    stacks.push_back(static_cast<unsigned char*>(memory) + page);
  }
  return stacks[index];
}

void make_current(Fiber& fiber) {
  running.current = &fiber;
  ptx_now.thread = fiber.thread;
  ptx_now.visits = fiber.visits;
}

#ifdef __x86_64__
// Saves the registers that a call preserves and the stack pointer; goes on where the other left off.
extern "C" void standin_switch(void** save, void* to);
asm(R"(
.text
.type standin_switch,@function
standin_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp,(%rdi)
  movq %rsi,%rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
)");

void entry() {
  (*body)();
  running.current->state = State::DONE;
  standin_switch(&running.current->stack_pointer, scheduler);
  std::abort();
}

void prepare(Fiber& fiber, size_t index) {
  void** top = reinterpret_cast<void**>(stack(index) + STACK_BYTES);
  *--top = nullptr;  // entry's return address: keeps the stack aligned as after a call
  *--top = reinterpret_cast<void*>(entry);
  for (int saved = 0; saved < 6; saved++) *--top = nullptr;
  fiber.stack_pointer = top;
}

void resume(Fiber& fiber) {
  make_current(fiber);
  standin_switch(&scheduler, fiber.stack_pointer);
}

void yield(Fiber& fiber) { standin_switch(&fiber.stack_pointer, scheduler); }
#else
std::vector<ucontext_t> contexts;
ucontext_t main_context;

void entry() {
  (*body)();
  running.current->state = State::DONE;
  setcontext(&main_context);
}

void prepare(Fiber& fiber, size_t index) {
  if (contexts.size() < 1024) contexts.resize(1024);
  ucontext_t& context = contexts[index];
  getcontext(&context);
  context.uc_stack.ss_sp = stack(index);
  context.uc_stack.ss_size = STACK_BYTES;
  context.uc_link = &main_context;
  makecontext(&context, entry, 0);
  fiber.stack_pointer = &context;
}

void resume(Fiber& fiber) {
  make_current(fiber);
  swapcontext(&main_context, static_cast<ucontext_t*>(fiber.stack_pointer));
}

void yield(Fiber& fiber) { swapcontext(static_cast<ucontext_t*>(fiber.stack_pointer), &main_context); }
#endif

// Barriers

/// Of the lanes of a mask those that the block has, in the warp of a thread.
uint32_t present(uint32_t lanes, size_t thread) {
  size_t here = std::min<size_t>(WARP, running.threads - thread / WARP * WARP);
  return here == WARP ? lanes : lanes & ((1u << here) - 1);
}

/// Opens the barrier of the lanes that one lane waits for; the text of a fault.
std::string open_lanes(std::vector<Fiber>& fibers, size_t first, size_t end, const Fiber& waiting) {
  for (size_t i = first; i < end; i++) {
    if (!(waiting.lanes >> (i - first) & 1)) continue;
    if (fibers[i].state != State::WARP_BARRIER)
      return "lanes of a warp do not all reach the warp operation at " + place(waiting.place);
    if (fibers[i].place != waiting.place)
      return "lanes of a warp wait in different warp operations: " + place(fibers[i].place) + " and " +
             place(waiting.place);
    if (fibers[i].lanes != waiting.lanes)
      return "lanes of a warp name different lanes for the warp operation at " + place(waiting.place);
  }
  unsigned lanes = waiting.lanes;
  if (waiting.orders) sweep::reached(waiting.place);
  for (size_t i = first; i < end; i++)
    if (lanes >> (i - first) & 1) fibers[i].state = State::READY;
  if (waiting.orders && lanes == present(~0u, first)) running.warp_opened[first / WARP] = ++running.clock;
  counts::met(first / WARP);
  return {};
}

/// Opens the barrier of every warp whose lanes all wait. `opened`: whether any did.
std::string open_warps(std::vector<Fiber>& fibers, bool& opened) {
  for (size_t first = 0; first < fibers.size(); first += WARP) {
    size_t end = std::min(fibers.size(), first + WARP);
    for (size_t i = first; i < end; i++) {
      if (fibers[i].state != State::WARP_BARRIER) continue;
      auto fault = open_lanes(fibers, first, end, fibers[i]);
      if (!fault.empty()) return fault;
      opened = true;
    }
  }
  return {};
}

std::string open_block(std::vector<Fiber>& fibers) {
  const Fiber* waiting = nullptr;
  bool all = true;
  for (Fiber& fiber : fibers) {
    if (fiber.state == State::BLOCK_BARRIER) waiting = &fiber;
    all &= fiber.state == State::BLOCK_BARRIER;
  }
  if (!all) return "threads exited while others wait in the barrier at " + place(waiting->place);
  for (Fiber& fiber : fibers) {
    if (fiber.place != waiting->place)
      return "threads wait in different barriers: " + place(fiber.place) + " and " + place(waiting->place);
  }
  sweep::reached(waiting->place);
  for (Fiber& fiber : fibers) fiber.state = State::READY;
  running.block_opened = ++running.clock;
  counts::met();
  return {};
}

/// The order in which threads run, to their next barrier each: warps in any order, and lanes within them.
struct Turns {
  Turns(size_t n, Order order) : reversed(order.reversed), drawn(order.seed != 0), random(order.seed), turns(n) {
    std::iota(turns.begin(), turns.end(), 0);
    if (reversed) std::reverse(turns.begin(), turns.end());
  }
  const std::vector<int>& next() {
    if (!drawn) return turns;
    std::vector<int> warps((turns.size() + WARP - 1) / WARP);
    std::iota(warps.begin(), warps.end(), 0);
    std::shuffle(warps.begin(), warps.end(), random);
    size_t at = 0;
    for (int w : warps) {
      size_t begin = at;
      for (int i = w * WARP; i < std::min<int>((w + 1) * WARP, int(turns.size())); i++) turns[at++] = i;
      std::shuffle(turns.begin() + begin, turns.begin() + at, random);
    }
    return turns;
  }

 private:
  bool reversed, drawn;
  std::mt19937_64 random;
  std::vector<int> turns;
};

std::string run_block(std::vector<Fiber>& fibers, Turns& turns) {
  for (;;) {
    for (int k : turns.next()) {
      if (fibers[k].state != State::READY) continue;
      resume(fibers[k]);
      if (!first_fault.empty()) return first_fault;
    }
    bool opened = false;
    std::string fault = open_warps(fibers, opened);
    if (!fault.empty()) return fault;
    if (opened) continue;
    if (std::all_of(fibers.begin(), fibers.end(), [](const Fiber& f) { return f.state == State::DONE; })) return {};
    fault = open_block(fibers);
    if (!fault.empty()) return fault;
  }
}

void wait_at(State barrier, int line, unsigned lanes, bool orders) {
  Fiber& fiber = *running.current;
  fiber.orders = orders;
  fiber.state = barrier;
  fiber.place = line;
  fiber.lanes = lanes;
  yield(fiber);
}

bool left_out(int line) { return line == left_out_line && running.kernel == left_out_kernel; }

void name_lanes(uint32_t lanes, int line) {
  if (!(lanes >> thread_index() % WARP & 1))
    fail("a lane takes part in a warp operation whose mask leaves it out, at " + place(line));
}

}  // namespace

void fail(const std::string& text) {
  const auto& thread = running.current->thread;
  first_fault = text + ", thread (" + std::to_string(thread.x) + ", " + std::to_string(thread.y) + ", " +
                std::to_string(thread.z) + ")";
  yield(*running.current);
  std::abort();
}

std::string place(int line) {
  auto text = "PTX line " + std::to_string(line);
  for (const ptx_source* s = running.module->sources; s->line != 0; s++)
    if (s->line == line) return text + " (" + s->place + ")";
  return text;
}

void leave_out(const std::string& kernel, int line) {
  left_out_kernel = kernel;
  left_out_line = line;
}

std::string run(
    const std::string& kernel, const ptx_module& module, ptx_axes grid, ptx_axes block, size_t shared_bytes,
    Order order, const std::function<void()>& work) {
  size_t threads = size_t(block.x) * block.y * block.z;
  size_t blocks = size_t(grid.x) * grid.y * grid.z;
  std::vector<unsigned char> memory(shared_bytes + GUARD_BYTES + 16);
  unsigned char* shared = memory.data() + (16 - uintptr_t(memory.data()) % 16) % 16;
  ptx_now.grid = grid;
  ptx_now.block = block;
  ptx_now.shared = shared;
  ptx_now.shared_bytes = shared_bytes;
  running.kernel = kernel;
  running.module = &module;
  running.threads = threads;
  running.launch_begun = ++running.clock;
  body = &work;
  first_fault.clear();
  std::vector<Fiber> fibers(threads);
  running.all = fibers.data();
  Turns turns(threads, order);
  counts::begin(threads, grid);
  for (size_t k = 0; k < blocks; k++) {
    running.block = order.reversed ? blocks - 1 - k : k;
    size_t b = running.block;
    double stands_for = counts::stands_for(b);
    if (stands_for == 0) continue;
    ptx_now.block_index = {unsigned(b % grid.x), unsigned(b / grid.x % grid.y), unsigned(b / grid.x / grid.y)};
    running.block_begun = running.block_opened = ++running.clock;
    std::memset(shared, 0xff, shared_bytes);
    std::memset(shared + shared_bytes, GUARD, GUARD_BYTES);
    for (size_t i = 0; i < threads; i++) {
      fibers[i] = Fiber();
      fibers[i].thread = {unsigned(i % block.x), unsigned(i / block.x % block.y), unsigned(i / block.x / block.y)};
      fibers[i].visits = counts::visits(i);
      prepare(fibers[i], i);
    }
    std::string fault = run_block(fibers, turns);
    for (size_t i = 0; i < GUARD_BYTES && fault.empty(); i++)
      if (shared[shared_bytes + i] != GUARD) fault = "wrote beyond its shared memory";
    if (!fault.empty())
      return fault + ", block (" + std::to_string(ptx_now.block_index.x) + ", " +
             std::to_string(ptx_now.block_index.y) + ", " + std::to_string(ptx_now.block_index.z) + ")";
    counts::end_block(stands_for);
  }
  counts::end();
  return {};
}

}  // namespace standin

using namespace standin;

void ptx_block_barrier(int line) {
  if (!left_out(line)) wait_at(State::BLOCK_BARRIER, line, 0, true);
}

void ptx_warp_barrier(uint32_t lanes, int line) {
  if (left_out(line)) return;
  name_lanes(lanes, line);
  wait_at(State::WARP_BARRIER, line, present(lanes, thread_index()), true);
}

uint32_t ptx_shuffle(
    ptx_mode mode, uint32_t value, uint32_t by, uint32_t segment, uint32_t lanes, bool* in, int line) {
  name_lanes(lanes, line);
  Fiber& me = *running.current;
  int lane = thread_index() % WARP, mask = segment >> 8 & 31, last = segment & 31, b = by & 31;
  int first = lane & mask, bound = first | (last & ~mask);
  int from = mode == PTX_UP ? lane - b : mode == PTX_DOWN ? lane + b : mode == PTX_BFLY ? lane ^ b : first | (b & ~mask);
  *in = mode == PTX_UP ? from >= bound : from <= bound;
  if (!*in) from = lane;
  uint32_t here = present(lanes, thread_index());
  if (!(here >> from & 1))
    fail("a shuffle reads lane " + std::to_string(from) + ", which takes no part, at " + place(line));
  unsigned slot = me.parity++ & 1;
  me.slot[slot] = value;
  wait_at(State::WARP_BARRIER, line, here, false);  // orders no memory
  return running.all[thread_index() / WARP * WARP + from].slot[slot];
}

/// Hands a lane's share of both sides of a product to its warp.
/// @return which of its slots has them
static unsigned bring(const double* factors, int count, int line) {
  uint32_t here = present(~0u, thread_index());
  if (here != ~0u) fail("a warp is not whole at " + place(line));
  Fiber& me = *running.current;
  unsigned slot = me.parity++ & 1;
  for (int k = 0; k < count; k++) me.factor[slot][k] = factors[k];
  wait_at(State::WARP_BARRIER, line, here, false);  // orders no memory
  return slot;
}

void ptx_mma_f64(double a, double b, double* sums, int line) {
  double own[2] = {a, b};
  unsigned slot = bring(own, 2, line);
  // Lane 4 i + q has (i, q) of the left side, and (q, i) of the right; sums (i, 2 q) and (i, 2 q + 1). PTX ISA, 9.7.14.5.4.
  const Fiber* warp = running.all + thread_index() / WARP * WARP;
  int row = thread_index() % WARP / 4, column = thread_index() % 4 * 2;
  for (int j = 0; j < 2; j++)
    for (int q = 0; q < 4; q++)
      sums[j] = __builtin_fma(warp[row * 4 + q].factor[slot][0], warp[(column + j) * 4 + q].factor[slot][1], sums[j]);
}

void ptx_mma_tf32(const uint32_t* a, const uint32_t* b, float* sums, int line) {
  double own[6];
  for (int k = 0; k < 6; k++) {
    uint32_t bits = k < 4 ? a[k] : b[k - 4];
    if (bits & 0x1fff) fail("an operand is not rounded to TF32 at " + place(line));
    float value;
    std::memcpy(&value, &bits, sizeof value);
    own[k] = value;
  }
  unsigned slot = bring(own, 6, line);
  // Lane 4 i + q has (i, q), (i + 8, q), (i, q + 4), (i + 8, q + 4) of the left side, (q, i), (q + 4, i) of the right; sums (i, 2 q),
  // (i, 2 q + 1), (i + 8, 2 q), (i + 8, 2 q + 1). PTX ISA, 9.7.14.5.6.
  const Fiber* warp = running.all + thread_index() / WARP * WARP;
  int row = thread_index() % WARP / 4, column = thread_index() % 4 * 2;
  for (int e = 0; e < 4; e++) {
    double sum = sums[e];
    for (int q = 0; q < 8; q++)
      sum += warp[row * 4 + q % 4].factor[slot][e / 2 + q / 4 * 2] * warp[(column + e % 2) * 4 + q % 4].factor[slot][4 + q / 4];
    sums[e] = static_cast<float>(sum);
  }
}

void ptx_mma_bf16(const uint32_t* a, const uint32_t* b, float* sums, int line) {
  double own[12];
  for (int k = 0; k < 12; k++) {
    uint32_t both = k < 8 ? a[k / 2] : b[(k - 8) / 2], bits = k % 2 ? both & 0xffff0000u : both << 16;
    float value;
    std::memcpy(&value, &bits, sizeof value);
    own[k] = value;
  }
  unsigned slot = bring(own, 12, line);
  // Lane 4 i + q has (i, 2 q), (i, 2 q + 1) of the left side, these 8 rows further, then both 8 columns further, and (2 q, i), (2 q + 1, i) of
  // the right, then 8 rows further; sums as in TF32. PTX ISA, 9.7.14.5.8.
  const Fiber* warp = running.all + thread_index() / WARP * WARP;
  int row = thread_index() % WARP / 4, column = thread_index() % 4 * 2;
  for (int e = 0; e < 4; e++) {
    double sum = sums[e];
    for (int q = 0; q < 16; q++)
      sum += warp[row * 4 + q % 8 / 2].factor[slot][e / 2 * 2 + q / 8 * 4 + q % 2] *
             warp[(column + e % 2) * 4 + q % 8 / 2].factor[slot][8 + q / 8 * 2 + q % 2];
    sums[e] = static_cast<float>(sum);
  }
}
