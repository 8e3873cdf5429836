// The counters behind counts.h. A warp's accesses are put together from those of its lanes: at one instruction, at the
// same visit since its lanes last met. Of the stretches between meetings a launch's first is looked at, and one in eight
// at random. A block of instructions is issued to a warp as often as the lane that visits it most: where lanes visit it in
// turns, too few.
#include "counts.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <unordered_set>
#include <vector>

#include "execution.h"

namespace standin::counts {
namespace {

constexpr int WARP = 32;
constexpr int ONE_IN = 8;
constexpr unsigned SECTOR = 32;

struct Traffic {
  unsigned long long requests = 0, lanes = 0, parts = 0, least = 0;
};
/// What launches of one kernel and shape did.
struct Sum {
  unsigned long long launches = 0, warp[PTX_KINDS] = {}, thread[PTX_KINDS] = {};
  unsigned long long sectors = 0;  // of global memory that a launch touched, each once
  unsigned long long longest = 0;  // instructions that the warps of each launch's longest block issued
  Traffic global, shared;
};
struct Seen {
  int line, lane;
  ptx_space space;
  unsigned bytes;
  uint64_t address;
};

bool wanted = false;
std::map<std::tuple<std::string, size_t, size_t, size_t>, Sum> sums;  // kernel, blocks, threads, shared bytes
std::vector<const ptx_module*> modules;
Sum* sum = nullptr;
size_t threads_now = 0;
std::vector<unsigned> all_visits;
std::vector<Seen> seen[WARP];
bool looked_at[WARP] = {};
std::mt19937 random_stretch(1);
std::unordered_set<uint64_t> touched;
unsigned long long longest_now = 0;

/// Sectors, and how few would do for so many different bytes.
void add_global(Traffic& t, const std::vector<Seen>& r, size_t from, size_t to) {
  std::vector<uint64_t> sectors, starts;
  for (size_t i = from; i < to; i++) {
    starts.push_back(r[i].address);
    for (uint64_t s = r[i].address / SECTOR; s <= (r[i].address + r[i].bytes - 1) / SECTOR; s++) sectors.push_back(s);
  }
  auto different = [](std::vector<uint64_t>& v) {
    std::sort(v.begin(), v.end());
    return size_t(std::unique(v.begin(), v.end()) - v.begin());
  };
  t.parts += different(sectors);
  t.least += (different(starts) * r[from].bytes + SECTOR - 1) / SECTOR;
}

/// Passes: the most words that one bank must give, for as many lanes as move 128 bytes.
void add_shared(Traffic& t, const std::vector<Seen>& r, size_t from, size_t to) {
  int together = 128 / std::max(4u, r[from].bytes);
  for (int group = 0; group * together < WARP; group++) {
    std::vector<uint64_t> words;
    for (size_t i = from; i < to; i++)
      if (r[i].lane / together == group)
        for (unsigned k = 0; k < r[i].bytes; k += 4) words.push_back((r[i].address + k) / 4);
    if (words.empty()) continue;
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    size_t banks[32] = {}, most = 0;
    for (auto w : words) most = std::max(most, ++banks[w % 32]);
    t.parts += most;
    t.least++;
  }
}

void close_stretch(int warp) {
  auto& r = seen[warp];
  if (!r.empty()) {
    // The k-th access of each lane at a line belongs together.
    std::stable_sort(r.begin(), r.end(), [](auto& a, auto& b) { return std::tie(a.line, a.lane) < std::tie(b.line, b.lane); });
    std::vector<std::pair<std::tuple<int, int, int>, Seen>> visits;
    int visit = 0;
    for (size_t i = 0; i < r.size(); i++) {
      visit = i > 0 && r[i].line == r[i - 1].line && r[i].lane == r[i - 1].lane ? visit + 1 : 0;
      visits.push_back({{r[i].line, visit, r[i].lane}, r[i]});
    }
    std::sort(visits.begin(), visits.end(), [](auto& a, auto& b) { return a.first < b.first; });
    for (size_t i = 0; i < r.size(); i++) r[i] = visits[i].second;
    for (size_t i = 0; i < r.size();) {
      size_t end = i + 1;
      while (end < r.size() && std::get<0>(visits[end].first) == std::get<0>(visits[i].first) &&
             std::get<1>(visits[end].first) == std::get<1>(visits[i].first))
        end++;
      Traffic& t = r[i].space == PTX_IN_SHARED ? sum->shared : sum->global;
      t.requests++;
      t.lanes += end - i;
      if (r[i].space == PTX_IN_SHARED) add_shared(t, r, i, end);
      else add_global(t, r, i, end);
      i = end;
    }
    r.clear();
  }
  looked_at[warp] = random_stretch() % ONE_IN == 0;
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

void begin(size_t threads, size_t blocks) {
  if (!wanted) return;
  threads_now = threads;
  sum = &sums[{running.kernel, blocks, threads, ptx_now.shared_bytes}];
  sum->launches++;
  all_visits.assign(threads * running.module->block_count, 0);
  touched.clear();
  longest_now = 0;
  for (int warp = 0; warp < WARP; warp++) {
    seen[warp].clear();
    looked_at[warp] = true;  // the first stretch of a launch, so that small ones are not missed
  }
}

unsigned* visits(size_t thread) { return wanted ? all_visits.data() + thread * running.module->block_count : nullptr; }

void met(int warp) {
  if (wanted) close_stretch(warp);
}

void met() {
  if (wanted)
    for (int warp = 0; warp * WARP < int(threads_now); warp++) close_stretch(warp);
}

void end_block() {
  if (!wanted) return;
  met();
  int blocks = running.module->block_count;
  unsigned long long issued = 0;
  for (size_t first = 0; first < threads_now; first += WARP) {
    size_t last = std::min(threads_now, first + WARP);
    for (int b = 0; b < blocks; b++) {
      unsigned long long most = 0, all = 0;
      for (size_t i = first; i < last; i++) {
        unsigned n = all_visits[i * blocks + b];
        most = std::max<unsigned long long>(most, n);
        all += n;
      }
      if (all == 0) continue;
      for (int k = 0; k < PTX_KINDS; k++) {
        sum->warp[k] += most * running.module->blocks[b].kinds[k];
        issued += most * running.module->blocks[b].kinds[k];
        sum->thread[k] += all * running.module->blocks[b].kinds[k];
      }
    }
  }
  longest_now = std::max(longest_now, issued);
  std::fill(all_visits.begin(), all_visits.end(), 0);
}

void end() {
  if (!wanted) return;
  sum->sectors += touched.size();
  sum->longest += longest_now;
}

}  // namespace standin::counts

using namespace standin;
using namespace standin::counts;

void ptx_seen(ptx_space space, const unsigned char* at, unsigned bytes, ptx_access, int line) {
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
  else touched.insert(address / SECTOR);
  int warp = thread_index() / WARP;
  if (looked_at[warp]) seen[warp].push_back({line, thread_index() % WARP, space, bytes, address});
}
