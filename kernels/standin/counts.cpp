// The counters behind counts.h. A warp's accesses are put together from those of its lanes: where lanes part, those at the
// earliest place of the program go on. Of the stretches between meetings a launch's first is looked at, and one in eight
// at random. A block of instructions is issued to a warp as often as the lane that visits it most: where lanes visit it in
// turns, too few.
#include "counts.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "execution.h"

namespace standin::counts {
namespace {

constexpr int WARP = 32;
constexpr int ONE_IN = 8;
constexpr unsigned SECTOR = 32;

struct Traffic {
  unsigned long long requests = 0, lanes = 0, parts = 0, least = 0;

  void operator+=(const Traffic& other) {
    requests += other.requests;
    lanes += other.lanes;
    parts += other.parts;
    least += other.least;
  }
};
/// What launches of one kernel and shape did.
struct Sum {
  unsigned long long launches = 0, warp[PTX_KINDS] = {}, thread[PTX_KINDS] = {};
  unsigned long long sectors = 0;  // of global memory that a launch read, and that it wrote, each once
  unsigned long long longest = 0;  // instructions that the warps of each launch's longest block issued
  Traffic global, shared;
};
struct Seen {
  int line, lane;
  ptx_space space;
  unsigned bytes;  // 0: enters a basic block
  uint64_t address;
};

bool wanted = false, watching_traffic = false;
std::map<std::tuple<std::string, int, ptx_space>, Traffic> by_line;  // kernel, PTX line, shared or global; of all that is watched
std::map<std::tuple<std::string, size_t, size_t, size_t>, Sum> sums;  // kernel, blocks, threads, shared bytes
std::vector<const ptx_module*> modules;
Sum* sum = nullptr;
size_t threads_now = 0;
std::vector<unsigned> all_visits;
std::vector<Seen> seen[WARP];
bool looked_at[WARP] = {};
std::mt19937 random_stretch(1);
unsigned long long longest_now = 0;
double scaled[2][PTX_KINDS];  // of the launch: instructions of warps, and of threads

/// Which blocks of a launch run: one in `step`, and the first and the last.
struct Sample {
  size_t step = 1, offset = 0, blocks = 0, ran = 0;
  ptx_axes grid = {1, 1, 1};

  bool lies_on(size_t b) const {
    if (step == 1 || b == 0 || b + 1 == blocks) return true;
    size_t slope = step == 3 ? 1 : 2;  // neither along rows and columns, nor along diagonals
    return (b % grid.x + slope * (b / grid.x % grid.y) + b / grid.x / grid.y + offset) % step == 0;
  }
} sample;

/// Sectors of a launch, with the block that touched them, or -1: several did.
using Touched = std::unordered_map<uint64_t, int64_t>;
Touched read_now, written_now;

void touch(Touched& all, uint64_t sector) {
  auto [at, isNew] = all.try_emplace(sector, int64_t(running.block));
  if (!isNew && at->second != int64_t(running.block)) at->second = -1;
}

double weigh(const Touched& all) {
  if (sample.step == 1) return all.size();
  double sum = 0;
  for (auto& [sector, block] : all) sum += block < 0 ? 1 : stands_for(block);
  return sum;
}

/// Whether a kernel is one of those that ASSAY_STANDIN_SAMPLE names.
bool is_sampled(const std::string& kernel) {
  const char* named = std::getenv("ASSAY_STANDIN_SAMPLE");
  return named != nullptr && ("," + std::string(named) + ",").find("," + kernel + ",") != std::string::npos;
}

/// The largest prime that leaves so many blocks in each row and column, of one row likewise as if it were a square.
size_t step_of(ptx_axes grid) {
  const char* number = std::getenv("ASSAY_STANDIN_SAMPLE_LEFT");
  double left = number == nullptr ? 5 : std::atof(number);
  for (size_t step = (grid.y == 1 ? std::sqrt(double(grid.x)) : std::min(grid.x, grid.y)) / left; step > 2; step--) {
    bool prime = true;
    for (size_t k = 2; k * k <= step; k++) prime &= step % k != 0;
    if (prime) return step;
  }
  return 1;
}

/// Sectors, and how few would do for so many different bytes.
void add_global(Traffic& t, const std::vector<Seen>& r) {
  std::vector<uint64_t> sectors, starts;
  for (auto& one : r) {
    starts.push_back(one.address);
    for (uint64_t s = one.address / SECTOR; s <= (one.address + one.bytes - 1) / SECTOR; s++) sectors.push_back(s);
  }
  auto different = [](std::vector<uint64_t>& v) {
    std::sort(v.begin(), v.end());
    return size_t(std::unique(v.begin(), v.end()) - v.begin());
  };
  t.parts += different(sectors);
  t.least += (different(starts) * r[0].bytes + SECTOR - 1) / SECTOR;
}

/// Passes: the most words that one bank must give, for as many lanes as move 128 bytes.
void add_shared(Traffic& t, const std::vector<Seen>& r) {
  int together = 128 / std::max(4u, r[0].bytes);
  for (int group = 0; group * together < WARP; group++) {
    std::vector<uint64_t> words;
    for (auto& one : r)
      if (one.lane / together == group)
        for (unsigned k = 0; k < one.bytes; k += 4) words.push_back((one.address + k) / 4);
    if (words.empty()) continue;
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    size_t banks[32] = {}, most = 0;
    for (auto w : words) most = std::max(most, ++banks[w % 32]);
    t.parts += most;
    t.least++;
  }
}

/// Calls use(accesses) for those that a warp makes at once: of the lanes that go on those do that are at the earliest place of the
/// program, until they have caught up with the others or are beyond them.
template <class Use>
void in_steps(std::vector<Seen>& r, Use use) {
  size_t next[WARP], end[WARP];
  std::stable_sort(r.begin(), r.end(), [](auto& a, auto& b) { return a.lane < b.lane; });
  for (size_t lane = 0, i = 0; lane < WARP; lane++) {
    next[lane] = i;
    while (i < r.size() && r[i].lane == int(lane)) i++;
    end[lane] = i;
  }
  auto place = [](const Seen& s) { return 2 * s.line + (s.bytes != 0); };
  std::vector<Seen> together;
  for (;;) {
    int first = -1;
    for (int lane = 0; lane < WARP; lane++)
      if (next[lane] < end[lane] && (first < 0 || place(r[next[lane]]) < first)) first = place(r[next[lane]]);
    if (first < 0) return;
    together.clear();
    for (int lane = 0; lane < WARP; lane++)
      if (next[lane] < end[lane] && place(r[next[lane]]) == first) together.push_back(r[next[lane]++]);
    if (together[0].bytes != 0) use(together);
  }
}

void close_stretch(int warp) {
  auto& r = seen[warp];
  if (!r.empty()) {
    in_steps(r, [](const std::vector<Seen>& at_once) {
      Traffic one = {1, at_once.size()};
      ptx_space space = at_once[0].space;
      if (space == PTX_IN_SHARED) add_shared(one, at_once);
      else add_global(one, at_once);
      if (wanted) (space == PTX_IN_SHARED ? sum->shared : sum->global) += one;
      if (watching_traffic) by_line[{running.kernel, at_once[0].line, space}] += one;
    });
    r.clear();
  }
  looked_at[warp] = watching_traffic || random_stretch() % ONE_IN == 0;
}

void write_traffic(std::ofstream& out, const Traffic& t) {
  out << '\t' << t.requests << '\t' << t.lanes << '\t' << t.parts << '\t' << t.least;
}

/// Tables for dev.assay.ptx.Profile and Coverage, when the process ends.
struct Ending {
  ~Ending() {
    if (const char* file = std::getenv("ASSAY_STANDIN_PROFILE")) {
      std::ofstream out(file, std::ios::app);
      for (auto& [key, s] : sums) {
        auto& [kernel, blocks, threads, shared] = key;
        out << kernel << '\t' << blocks << '\t' << threads << '\t' << shared << '\t' << s.launches << '\t' << s.sectors << '\t' << s.longest;
        for (auto n : s.warp) out << '\t' << n;
        for (auto n : s.thread) out << '\t' << n;
        write_traffic(out, s.global);
        write_traffic(out, s.shared);
        out << '\n';
      }
    }
    if (const char* directory = std::getenv("ASSAY_STANDIN_COVERAGE")) tell_reached(directory);
  }
} ending;

}  // namespace

void enable() { wanted = true; }
bool enabled() { return wanted; }
void loaded(const ptx_module* module) {
  if (std::find(modules.begin(), modules.end(), module) == modules.end()) modules.push_back(module);
}

void tell_reached(const std::string& directory) {
  if (modules.empty()) return;
  std::ofstream out(directory + "/reached-" + std::to_string(getpid()) + ".txt");
  for (auto* module : modules)
    for (int i = 0; i < module->block_count; i++)
      out << module->blocks[i].function << '\t' << module->blocks[i].line << '\t' << int(module->reached[i]) << '\n';
}

void watch(bool on) {
  watching_traffic = on;
  by_line.clear();
}
bool watching() { return watching_traffic; }

void tell_traffic(const std::string& file) {
  std::ofstream out(file);
  for (auto& [key, t] : by_line) {
    auto& [kernel, line, space] = key;
    out << kernel << '\t' << line << '\t' << (space == PTX_IN_SHARED ? "shared" : "global");
    write_traffic(out, t);
    out << '\n';
  }
}

bool sampling() { return std::getenv("ASSAY_STANDIN_SAMPLE") != nullptr; }

void begin(size_t threads, ptx_axes grid) {
  ptx_now.watched = watching_traffic;
  size_t blocks = size_t(grid.x) * grid.y * grid.z;
  sample = {1, sample.offset + 1, blocks, blocks, grid};
  if (!wanted && !watching_traffic) return;
  if (wanted && is_sampled(running.kernel)) {
    sample.step = step_of(grid);
    sample.ran = 0;
    for (size_t b = 0; b < blocks; b++) sample.ran += sample.lies_on(b);
  }
  threads_now = threads;
  if (wanted) {
    sum = &sums[{running.kernel, blocks, threads, ptx_now.shared_bytes}];
    sum->launches++;
    all_visits.assign(threads * running.module->block_count, 0);
  }
  std::memset(scaled, 0, sizeof scaled);
  read_now.clear();
  written_now.clear();
  longest_now = 0;
  for (int warp = 0; warp < WARP; warp++) {
    seen[warp].clear();
    looked_at[warp] = true;  // the first stretch of a launch, so that small ones are not missed
  }
}

double stands_for(size_t block) {
  if (sample.step == 1 || block == 0 || block + 1 == sample.blocks) return 1;
  return sample.lies_on(block) ? double(sample.blocks - 2) / (sample.ran - 2) : 0;
}

unsigned* visits(size_t thread) { return wanted ? all_visits.data() + thread * running.module->block_count : nullptr; }

void met(int warp) {
  if (wanted || watching_traffic) close_stretch(warp);
}

void met() {
  if (wanted || watching_traffic)
    for (int warp = 0; warp * WARP < int(threads_now); warp++) close_stretch(warp);
}

void end_block(double blocks) {
  met();
  if (!wanted) return;
  int parts = running.module->block_count;
  unsigned long long issued = 0;
  for (size_t first = 0; first < threads_now; first += WARP) {
    size_t last = std::min(threads_now, first + WARP);
    for (int b = 0; b < parts; b++) {
      unsigned long long most = 0, all = 0;
      for (size_t i = first; i < last; i++) {
        unsigned n = all_visits[i * parts + b];
        most = std::max<unsigned long long>(most, n);
        all += n;
      }
      if (all == 0) continue;
      for (int k = 0; k < PTX_KINDS; k++) {
        unsigned each = running.module->blocks[b].kinds[k];
        scaled[0][k] += blocks * (most * each);
        issued += most * each;
        scaled[1][k] += blocks * (all * each);
      }
    }
  }
  longest_now = std::max(longest_now, issued);
  std::fill(all_visits.begin(), all_visits.end(), 0);
}

void end() {
  if (!wanted) return;
  for (int k = 0; k < PTX_KINDS; k++) {
    sum->warp[k] += std::llround(scaled[0][k]);
    sum->thread[k] += std::llround(scaled[1][k]);
  }
  sum->sectors += std::llround(weigh(read_now) + weigh(written_now));
  sum->longest += longest_now;
}

void seen_at(ptx_space space, uint64_t address, unsigned bytes, int line) {
  int warp = thread_index() / WARP;
  if (looked_at[warp]) seen[warp].push_back({line, thread_index() % WARP, space, bytes, address});
}

}  // namespace standin::counts

using namespace standin;
using namespace standin::counts;

void ptx_passed(int block) { seen_at(PTX_IN_LOCAL, 0, 0, running.module->blocks[block].line); }

void ptx_seen(ptx_space space, const unsigned char* at, unsigned bytes, ptx_access access, int line) {
  if (!wanted) return;
  auto address = reinterpret_cast<uint64_t>(at);
  if (space == PTX_IN_GENERIC) {
    if (at >= ptx_now.shared && at < ptx_now.shared + ptx_now.shared_bytes) {
      space = PTX_IN_SHARED;
    } else {
      auto distance = at - reinterpret_cast<unsigned char*>(&address);
      if (distance > -(128 << 10) && distance < 128 << 10) return;  // local memory
      space = PTX_IN_GLOBAL;
    }
  }
  if (space == PTX_IN_SHARED) address -= reinterpret_cast<uint64_t>(ptx_now.shared);
  else {
    if (access != PTX_WRITE) touch(read_now, address / SECTOR);
    if (access != PTX_READ) touch(written_now, address / SECTOR);
  }
  seen_at(space, address, bytes, line);
}
