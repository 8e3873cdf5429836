// The fibers behind execution.h.
#include "execution.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#ifndef __x86_64__
#include <ucontext.h>
#endif

namespace standin {

Launch running;

namespace {

constexpr size_t STACK_BYTES = 128 * 1024;
constexpr size_t GUARD_BYTES = 64;
constexpr unsigned char GUARD = 0xA5;

const std::function<void()>* body;
void* scheduler;

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
  running.current = &fiber;
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
  running.current = &fiber;
  swapcontext(&main_context, static_cast<ucontext_t*>(fiber.stack_pointer));
}

void yield(Fiber& fiber) { swapcontext(static_cast<ucontext_t*>(fiber.stack_pointer), &main_context); }
#endif

std::string at(const Fiber& fiber) { return "line " + std::to_string(fiber.place); }

/// Opens the barrier of every warp whose lanes all wait; the text of a fault. `opened`: whether any did.
std::string open_warps(std::vector<Fiber>& fibers, bool& opened) {
  for (size_t first = 0; first < fibers.size(); first += 32) {
    size_t end = std::min(fibers.size(), first + 32);
    const Fiber* waiting = nullptr;
    bool all = true;
    for (size_t i = first; i < end; i++) {
      if (fibers[i].state == State::WARP_BARRIER) waiting = &fibers[i];
      all &= fibers[i].state == State::WARP_BARRIER;
    }
    if (waiting == nullptr) continue;
    if (!all) return "lanes of a warp do not all reach the warp operation at " + at(*waiting);
    for (size_t i = first; i < end; i++) {
      if (fibers[i].place != waiting->place)
        return "lanes of a warp wait in different warp operations: " + at(fibers[i]) + " and " + at(*waiting);
    }
    for (size_t i = first; i < end; i++) fibers[i].state = State::READY;
    opened = true;
  }
  return {};
}

std::string open_block(std::vector<Fiber>& fibers) {
  for (Fiber& fiber : fibers) {
    if (fiber.state != State::BLOCK_BARRIER) return "threads exited while others wait in __syncthreads at " + at(*std::find_if(
        fibers.begin(), fibers.end(), [](const Fiber& f) { return f.state == State::BLOCK_BARRIER; }));
    if (fiber.place != fibers[0].place)
      return "threads wait in different __syncthreads: " + at(fibers[0]) + " and " + at(fiber);
  }
  for (Fiber& fiber : fibers) fiber.state = State::READY;
  return {};
}

std::string run_block(std::vector<Fiber>& fibers, bool reversed) {
  size_t n = fibers.size();
  for (;;) {
    for (size_t k = 0; k < n; k++) {
      Fiber& fiber = fibers[reversed ? n - 1 - k : k];
      if (fiber.state == State::READY) resume(fiber);
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

}  // namespace

void wait_at(State barrier, int place, unsigned lanes) {
  Fiber& fiber = *running.current;
  fiber.state = barrier;
  fiber.place = place;
  fiber.lanes = lanes;
  yield(fiber);
}

std::vector<Kernel>& kernels() {
  static std::vector<Kernel> all;
  return all;
}

std::string run(dim3 grid, dim3 block, size_t shared_bytes, bool reversed, const std::function<void()>& kernel) {
  size_t threads = size_t(block.x) * block.y * block.z;
  size_t blocks = size_t(grid.x) * grid.y * grid.z;
  std::vector<unsigned char> shared(shared_bytes + GUARD_BYTES);
  running.grid = grid;
  running.block = block;
  running.shared = shared.data();
  body = &kernel;
  std::vector<Fiber> fibers(threads);
  for (size_t k = 0; k < blocks; k++) {
    size_t b = reversed ? blocks - 1 - k : k;
    running.block_index = {unsigned(b % grid.x), unsigned(b / grid.x % grid.y), unsigned(b / grid.x / grid.y)};
    std::memset(shared.data(), 0xff, shared_bytes);
    std::memset(shared.data() + shared_bytes, GUARD, GUARD_BYTES);
    for (size_t i = 0; i < threads; i++) {
      fibers[i] = Fiber();
      fibers[i].thread = {unsigned(i % block.x), unsigned(i / block.x % block.y), unsigned(i / block.x / block.y)};
      prepare(fibers[i], i);
    }
    running.all = fibers.data();
    std::string fault = run_block(fibers, reversed);
    for (size_t i = 0; i < GUARD_BYTES && fault.empty(); i++)
      if (shared[shared_bytes + i] != GUARD) fault = "wrote beyond its shared memory";
    if (!fault.empty())
      return fault + ", block (" + std::to_string(running.block_index.x) + ", " + std::to_string(running.block_index.y) +
             ", " + std::to_string(running.block_index.z) + ")";
  }
  return {};
}

}  // namespace standin
