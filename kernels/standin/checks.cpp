// The shadow behind checks.h.
#include "checks.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <set>

#include "counts.h"
#include "execution.h"

namespace standin::checks {
namespace {

constexpr size_t ARENA = size_t(1) << 36;
constexpr size_t GAP = 4096;
constexpr size_t MOST_SHARED = 256 * 1024;
enum : unsigned char { ALIVE = 1, WRITTEN = 2, BY_ATOMIC = 4 };

/// The clock and the thread: number of its block in the launch, and of itself in the block.
using Stamp = uint64_t;
struct Cell {
  Stamp write, read, other_read;
};

/// Accesses that break a rule and harm nothing. `argument`: number of the kernel's parameter, or SHARED.
struct Benign {
  const char* kernel;
  char what;  // 'u': reads what was never written, 'r': races between blocks
  int argument;
  const char* reason;
};
constexpr int IN_SHARED = -1;
const Benign BENIGN[] = {
#include "benign.inc"
};

template <class T>
T* reserve(size_t n) {
  void* p = mmap(nullptr, n * sizeof(T), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) std::abort();
  return static_cast<T*>(p);
}

int checked = 0;
size_t used = GAP;
std::map<unsigned long long, size_t> arrays;
std::vector<unsigned long long> launch_arguments;  // 0 where one is no pointer
std::set<std::pair<std::string, int>> known_lines; // of benign accesses, by kernel

unsigned char* arena() {
  static auto* memory = reserve<unsigned char>(ARENA);
  return memory;
}
Cell* cells() {
  static auto* memory = reserve<Cell>(ARENA / 4);
  return memory;
}
unsigned char* states() {
  static auto* memory = reserve<unsigned char>(ARENA / 4);
  return memory;
}
Cell* shared_cells() {
  static auto* memory = reserve<Cell>(MOST_SHARED / 4);
  return memory;
}
unsigned char* shared_states() {
  static auto* memory = reserve<unsigned char>(MOST_SHARED / 4);
  return memory;
}

bool in_arena(unsigned long long at) {
  auto first = reinterpret_cast<unsigned long long>(arena());
  return at >= first && at < first + ARENA;
}
size_t index_of(unsigned long long at) { return (at - reinterpret_cast<unsigned long long>(arena())) / 4; }

template <class T>
void forget(T* from, size_t count) {
  auto begin = (uintptr_t(from) + 4095) / 4096 * 4096, end = uintptr_t(from + count) / 4096 * 4096;
  if (end > begin) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

// Words

/// The argument that leads to the array at hand, or -2.
int argument_of(unsigned long long at) {
  auto next = arrays.upper_bound(at);
  if (next == arrays.begin()) return -2;
  auto& [start, bytes] = *std::prev(next);
  for (size_t i = 0; i < launch_arguments.size(); i++)
    if (launch_arguments[i] >= start && launch_arguments[i] < start + bytes) return int(i);
  return -2;
}

std::string array_of(unsigned long long at) {
  auto next = arrays.upper_bound(at);
  if (next == arrays.begin()) return "of no array";
  auto& [start, bytes] = *std::prev(next);
  int argument = argument_of(at);
  auto text = "at " + std::to_string(at - start) + " of an array of " + std::to_string(bytes) + " bytes";
  return argument < 0 ? text : text + " (argument " + std::to_string(argument) + ")";
}

[[noreturn]] void bad(const std::string& what, unsigned bytes, const std::string& where, int line) {
  fail(what + ": " + std::to_string(bytes) + " bytes " + where + ", at " + place(line));
}

bool benign(char what, int argument, int line) {
  if (known_lines.count({running.kernel, line})) return true;
  for (auto& b : BENIGN) {
    if (running.kernel == b.kernel && what == b.what && argument == b.argument) {
      known_lines.insert({running.kernel, line});
      return true;
    }
  }
  return false;
}

// Order

Stamp now() { return Stamp(running.clock) << 32 | Stamp(running.block << 10 & 0xffffffffu) | unsigned(thread_index()); }
uint32_t clock_of(Stamp s) { return uint32_t(s >> 32); }
unsigned thread_of(Stamp s) { return s & 1023; }
bool same_block(Stamp a, Stamp b) { return (uint32_t(a) >> 10) == (uint32_t(b) >> 10); }

bool ordered(Stamp earlier, Stamp me) {
  uint32_t clock = clock_of(earlier);
  if (clock < running.launch_begun) return true;
  if (!same_block(earlier, me)) return false;
  unsigned thread = thread_of(me);
  if (thread_of(earlier) == thread || clock < running.block_opened) return true;
  return thread_of(earlier) / 32 == thread / 32 && clock < running.warp_opened[thread / 32];
}

void race(const char* what, Stamp earlier, Stamp me, unsigned bytes, const std::string& where, int argument, int line) {
  bool blocks = !same_block(earlier, me);
  if (blocks && benign('r', argument, line)) return;
  auto other = blocks ? ", not ordered after block " + std::to_string(uint32_t(earlier) >> 10) + ", thread "
                      : ", not ordered after thread ";
  fail(std::string("race, ") + what + ": " + std::to_string(bytes) + " bytes " + where + other +
       std::to_string(thread_of(earlier)) + ", at " + place(line));
}

/// The order of one access to one cell, and what the cell remembers of it.
void order(Cell& cell, unsigned char& state, ptx_access access, Stamp me, unsigned bytes, unsigned long long at, bool shared, int line) {
  auto report = [&](const char* what, Stamp earlier) {
    race(what, earlier, me, bytes, shared ? "at " + std::to_string(at) + " of shared memory" : array_of(at),
         shared ? IN_SHARED : argument_of(at), line);
  };
  bool both_atomic = access == PTX_ATOMIC && (state & BY_ATOMIC);
  if (!both_atomic && !ordered(cell.write, me)) report(access == PTX_READ ? "read after write" : "write after write", cell.write);
  if (access == PTX_READ) {
    // Of the readers the last is kept, and one of another warp that no barrier separates from it.
    if (uint32_t(cell.read) != uint32_t(me) && !ordered(cell.read, me)) {
      bool apart = !same_block(cell.read, me) || thread_of(cell.read) / 32 != thread_of(me) / 32;
      if (apart || ordered(cell.other_read, me)) cell.other_read = cell.read;
    }
    cell.read = me;
    return;
  }
  if (!both_atomic && !ordered(cell.read, me)) report("write after read", cell.read);
  if (!both_atomic && !ordered(cell.other_read, me)) report("write after read", cell.other_read);
  if (access == PTX_ATOMIC) cell.read = me;
  // A thread's own atomic does not hide what it wrote before, as long as no barrier orders that for others.
  bool hides = access == PTX_ATOMIC && (state & WRITTEN) && !(state & BY_ATOMIC) && uint32_t(cell.write) == uint32_t(me) &&
               clock_of(cell.write) >= std::max(running.launch_begun, running.block_opened);
  if (hides) return;
  cell.write = me;
  state = (access == PTX_ATOMIC ? state | BY_ATOMIC : state & ~BY_ATOMIC) | WRITTEN;
}

unsigned char* local(unsigned char* p, unsigned bytes, ptx_access access, int line) {
  for (ptx_depot* d = running.current->depots; d != nullptr; d = d->outer) {
    if (p < d->memory || p + bytes > d->memory + d->bytes) continue;
    size_t first = (p - d->memory) / 4, last = (p - d->memory + bytes - 1) / 4;
    for (size_t i = first; i <= last; i++) {
      if (access == PTX_READ && (checked & UNWRITTEN) && !d->written[i])
        bad("read of local memory never written", bytes, "at " + std::to_string(p - d->memory) + " of " + std::to_string(d->bytes), line);
      if (access != PTX_READ) d->written[i] = 1;
    }
    return p;
  }
  bad(access == PTX_READ ? "read beyond local memory" : "write beyond local memory", bytes, "", line);
}

unsigned char* shared(uint64_t offset, unsigned bytes, ptx_access access, int line) {
  if (offset + bytes > ptx_now.shared_bytes)
    bad(access == PTX_READ ? "read beyond shared memory" : "write beyond shared memory", bytes,
        "at " + std::to_string(offset) + " of " + std::to_string(ptx_now.shared_bytes), line);
  Stamp me = now();
  for (size_t i = offset / 4; i < (offset + bytes + 3) / 4; i++) {
    Cell& cell = shared_cells()[i];
    unsigned char& state = shared_states()[i];
    if (clock_of(cell.write) < running.block_begun) state = 0;
    if (access != PTX_WRITE && (checked & UNWRITTEN) && !(state & WRITTEN) && !benign('u', IN_SHARED, line))
      bad("read of shared memory never written", bytes, "at " + std::to_string(offset), line);
    // What other blocks did there was in memory of their own.
    if (clock_of(cell.write) < running.block_begun) cell.write = 0;
    if (clock_of(cell.read) < running.block_begun) cell.read = 0;
    if (clock_of(cell.other_read) < running.block_begun) cell.other_read = 0;
    if (checked & RACES) order(cell, state, access, me, bytes, offset, true, line);
    else if (access != PTX_READ) cell.write = me, state |= WRITTEN;
  }
  return ptx_now.shared + offset;
}

unsigned char* global(uint64_t address, unsigned bytes, ptx_access access, int line) {
  if (!in_arena(address))
    bad(access == PTX_READ ? "read of no device memory" : "write to no device memory", bytes, "", line);
  size_t first = index_of(address), end = first + (bytes + 3) / 4;
  Stamp me = now();
  for (size_t i = first; i < end; i++) {
    unsigned char& state = states()[i];
    if (!(state & ALIVE))
      bad(access == PTX_READ ? "read beyond an array" : "write beyond an array", bytes, array_of(address), line);
    if (access != PTX_WRITE && (checked & UNWRITTEN) && !(state & WRITTEN) && !benign('u', argument_of(address), line))
      bad("read of memory never written", bytes, array_of(address), line);
    if (checked & RACES) order(cells()[i], state, access, me, bytes, address, false, line);
    else if (access != PTX_READ) state |= WRITTEN;
  }
  return reinterpret_cast<unsigned char*>(address);
}

}  // namespace

void enable(int which) { checked = which; }
int enabled() { return checked; }

int parse(const std::string& words) {
  int which = 0;
  for (size_t from = 0; from < words.size();) {
    size_t comma = std::min(words.find(',', from), words.size());
    auto word = words.substr(from, comma - from);
    int one = word == "memcheck" ? MEMORY : word == "initcheck" ? MEMORY | UNWRITTEN : word == "racecheck" ? MEMORY | RACES
              : word == "all" ? MEMORY | UNWRITTEN | RACES : -1;
    if (one < 0) return -1;
    which |= one;
    from = comma + 1;
  }
  return which;
}

unsigned char* allocate(size_t bytes) {
  used = (used + 255) / 256 * 256;
  if (used + bytes + GAP > ARENA) return nullptr;
  auto* memory = arena() + used;
  used += bytes + GAP;
  return memory;
}

void release(unsigned char* memory, size_t bytes) { forget(memory, bytes); }

void allocated(unsigned long long at, size_t bytes) {
  arrays[at] = bytes;
  std::memset(states() + index_of(at), ALIVE, bytes / 4);
}

void released(unsigned long long at, size_t bytes) {
  arrays.erase(at);
  std::memset(states() + index_of(at), 0, bytes / 4);
  forget(cells() + index_of(at), bytes / 4);
}

void written(unsigned long long at, size_t bytes) {
  if (!in_arena(at)) return;
  for (size_t i = index_of(at); i < index_of(at + bytes); i++) states()[i] |= WRITTEN;
}

void moved(unsigned long long to, unsigned long long from, size_t bytes) {
  if (!in_arena(to)) return;
  for (size_t i = 0; i < bytes / 4; i++)
    states()[index_of(to) + i] = ALIVE | (in_arena(from) ? states()[index_of(from) + i] & WRITTEN : WRITTEN);
}

void launching(const std::vector<std::vector<unsigned char>>& arguments) {
  launch_arguments.clear();
  for (auto& argument : arguments) {
    unsigned long long value = 0;
    if (argument.size() == 8) std::memcpy(&value, argument.data(), 8);
    launch_arguments.push_back(value);
  }
}

std::string leaks() {
  std::string text;
  for (auto& [at, bytes] : arrays) text += "an array of " + std::to_string(bytes) + " bytes is still allocated\n";
  return text;
}

}  // namespace standin::checks

using namespace standin;
using namespace standin::checks;

unsigned char* ptx_at(ptx_space space, uint64_t address, unsigned bytes, ptx_access access, int line) {
  auto* p = reinterpret_cast<unsigned char*>(address);
  uint64_t offset = address;
  if (space == PTX_IN_GENERIC) {
    if (p >= ptx_now.shared && p < ptx_now.shared + MOST_SHARED) {
      space = PTX_IN_SHARED;
      offset = p - ptx_now.shared;
    } else {
      // The stack of a fiber is the memory around this variable.
      auto distance = p - reinterpret_cast<unsigned char*>(&offset);
      space = distance > -(128 << 10) && distance < 128 << 10 ? PTX_IN_LOCAL : PTX_IN_GLOBAL;
    }
  }
  if (offset % bytes != 0)
    fail("misaligned access: " + std::to_string(bytes) + " bytes at an address that is " + std::to_string(offset % bytes) +
         " beyond a multiple, at " + place(line));
  if (counts::watching() && space != PTX_IN_LOCAL) counts::seen_at(space, offset, bytes, line);
  switch (space) {
    case PTX_IN_LOCAL: return local(p, bytes, access, line);
    case PTX_IN_SHARED: return shared(offset, bytes, access, line);
    default: return global(address, bytes, access, line);
  }
}

void ptx_enter(ptx_depot* depot) {
  depot->outer = running.current->depots;
  running.current->depots = depot;
}

void ptx_leave(ptx_depot* depot) { running.current->depots = depot->outer; }
