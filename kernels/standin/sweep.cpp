// The copies behind sweep.h. Before a launch the process forks: the copy waits until the launch is over and it is known which
// barriers were reached, then forks for each of them. Fork copies pages when they are written, so that a copy costs little.
#include "sweep.h"

#include <signal.h>
#include <sys/mman.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <vector>

#include "execution.h"

namespace standin::sweep {
namespace {

/// A barrier that is not noticed is tried with so many launches of each shape, and so many in all: threads run in another order on
/// every other one.
constexpr int TRIES = 4;
constexpr int MOST_TRIES = 60;
constexpr size_t MOST = 64;

using Barrier = std::pair<std::string, int>;

/// What the processes tell each other of one launch.
struct Shared {
  size_t count;
  int lines[MOST];
  double seconds;  // of processor time that the whole launch took
  char words[MOST][400];
};

std::string file;
Shared* shared = nullptr;
std::set<Barrier> known, noticed;
std::map<Barrier, int> tries;
std::map<std::string, int> launches;  // of each kernel and shape
std::set<int> reached_now;

void tell(const Barrier& barrier, const std::string& what) {
  std::ofstream(file, std::ios::app) << barrier.first << '\t' << barrier.second << '\t' << what << '\n';
}

double processor_seconds() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

/// A fork of the process ends with it, and signals are not the virtual machine's there: of that only one thread is left.
pid_t copied() {
  pid_t pid = fork();
  if (pid != 0) return pid;
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  for (int s : {SIGTERM, SIGINT, SIGHUP, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGPROF, SIGABRT}) signal(s, SIG_DFL);
  return 0;
}

/// The launch without a barrier, in a process that ends with it.
[[noreturn]] void mutated(const std::string& kernel, size_t index, const std::function<std::string()>& work) {
  auto most = long(2 + 10 * shared->seconds);
  itimerval limit = {{0, 0}, {most, 0}};
  setitimer(ITIMER_PROF, &limit, nullptr);
  leave_out(kernel, shared->lines[index]);
  auto fault = work();
  std::snprintf(shared->words[index], sizeof shared->words[index], "%s", fault.c_str());
  _exit(fault.empty() ? 0 : 1);
}

/// The copy: as many further ones as there are barriers to be left out, one after the other.
[[noreturn]] void copy(int go, const std::string& kernel, const std::function<std::string()>& work) {
  char byte;
  while (read(go, &byte, 1) > 0) {
  }
  for (size_t i = 0; i < shared->count; i++) {
    pid_t pid = copied();
    if (pid == 0) mutated(kernel, i, work);
    int status = 0;
    waitpid(pid, &status, 0);
    if (WIFSIGNALED(status))
      std::snprintf(shared->words[i], sizeof shared->words[i], "?ended by signal %d", WTERMSIG(status));
  }
  _exit(0);
}

void judge(const std::string& kernel, const std::string& shape) {
  for (size_t i = 0; i < shared->count; i++) {
    Barrier barrier{kernel, shared->lines[i]};
    std::string words = shared->words[i];
    tries[barrier]++;
    if (words.empty() || words[0] == '?') {
      tell(barrier, "tried\t" + shape + (words.empty() ? "" : " " + words.substr(1)));
    } else if (noticed.insert(barrier).second) {
      tell(barrier, "noticed\t" + words);
    }
  }
}

}  // namespace

void enable(const std::string& where) {
  file = where;
  known.clear();
  noticed.clear();
  tries.clear();
  launches.clear();
  if (shared == nullptr)
    shared = static_cast<Shared*>(
        mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string kernel, what;
    int at = 0;
    words >> kernel >> at >> what;
    if (what == "reached") known.insert({kernel, at});
    if (what == "noticed") noticed.insert({kernel, at});
  }
}

void reached(int line) {
  if (!file.empty()) reached_now.insert(line);
}

std::string launch(const std::string& kernel, const std::string& shape, const std::function<std::string()>& work) {
  if (file.empty() || launches[kernel + shape]++ >= TRIES) return work();
  int ends[2];
  if (pipe(ends) != 0) return work();
  shared->count = 0;
  reached_now.clear();
  pid_t pid = copied();
  if (pid == 0) {
    close(ends[1]);
    copy(ends[0], kernel, work);
  }
  close(ends[0]);
  double before = processor_seconds();
  auto fault = work();
  shared->seconds = processor_seconds() - before;
  for (int line : reached_now) {
    Barrier barrier{kernel, line};
    if (known.insert(barrier).second) tell(barrier, "reached");
    if (noticed.count(barrier) || tries[barrier] >= MOST_TRIES || shared->count == MOST) continue;
    shared->words[shared->count][0] = 0;
    shared->lines[shared->count++] = line;
  }
  close(ends[1]);
  if (pid > 0) {
    waitpid(pid, nullptr, 0);
    judge(kernel, shape);
  }
  return fault;
}

}  // namespace standin::sweep
