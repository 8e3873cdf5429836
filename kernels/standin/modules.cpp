// The compiler behind modules.h. The build says where its tools are: STANDIN_JAVA, STANDIN_CXX, STANDIN_FLAGS,
// and STANDIN_CHECKED of code with checks; and what stands for their versions: STANDIN_TRANSLATOR for the translator,
// STANDIN_COMPILER for the compiler, its flags and ptx.h.
// A module is known by its PTX and the translator, its code by the C that the translator writes: another translator that
// writes the same C costs no compilation.
#include "modules.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

extern char** environ;

namespace standin {
namespace {

constexpr int AT_ONCE = 2;

/// The directory that this library lies in.
std::string home() {
  Dl_info info;
  static int here;
  dladdr(&here, &info);
  std::string file = info.dli_fname;
  size_t slash = file.find_last_of('/');
  return slash == std::string::npos ? "." : file.substr(0, slash);
}

std::string cache() {
  auto directory = home() + "/modules";
  mkdir(directory.c_str(), 0777);
  return directory;
}

std::string read(const std::string& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// FNV-1a, in hexadecimal digits.
std::string hash_of(const std::string& text) {
  uint64_t hash = 14695981039346656037u;
  for (unsigned char c : text) hash = (hash ^ c) * 1099511628211u;
  char digits[20];
  std::snprintf(digits, sizeof digits, "%016llx", (unsigned long long)hash);
  return digits;
}

/// The first kernel's name and a hash of the text and of what its code depends on besides.
std::string name_of(const std::string& ptx, int variant) {
  size_t at = ptx.find(".entry ");
  std::string name = at == std::string::npos ? "module" : ptx.substr(at + 7, ptx.find_first_of("( \n\t", at + 7) - at - 7);
  name.erase(std::remove_if(name.begin(), name.end(), [](unsigned char c) { return !isalnum(c) && c != '_'; }), name.end());
  return name.substr(0, 60) + "-" + hash_of(ptx + STANDIN_TRANSLATOR + STANDIN_COMPILER + std::to_string(variant));
}

pid_t start(const std::vector<std::string>& command, const std::string& log) {
  std::vector<char*> words;
  for (auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  // A compiler must not be run by the stand-in's own directory on the library path.
  std::vector<char*> environment;
  for (char** e = environ; *e != nullptr; e++)
    if (std::string(*e).rfind("LD_LIBRARY_PATH=", 0) != 0) environment.push_back(*e);
  environment.push_back(nullptr);
  pid_t pid = -1;
  int code = posix_spawnp(&pid, words[0], &actions, nullptr, words.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  return code == 0 ? pid : -1;
}

bool finish(pid_t pid) {
  int status = 0;
  return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::vector<std::string> words(const char* text) {
  std::istringstream in(text);
  std::vector<std::string> all;
  for (std::string word; in >> word;) all.push_back(word);
  return all;
}

std::vector<std::string> compiler(const std::string& c, const std::string& so, int variant) {
  std::vector<std::string> command{STANDIN_CXX, "-x", "c"};
  for (auto& flag : words(STANDIN_FLAGS)) command.push_back(flag);
  if (variant & CHECKED)
    for (auto& flag : words(STANDIN_CHECKED " -DPTX_CHECK")) command.push_back(flag);
  if (variant & COUNTED) command.push_back("-DPTX_COUNT");
  if (variant & AS_DEVICE) command.push_back("-DPTX_DEVICE");
  for (auto& word : {"-I" + home(), std::string("-shared"), std::string("-o"), so, c, std::string("-x"), std::string("none"),
                     home() + "/libcuda.so.1", std::string("-lm")})
    command.push_back(word);
  return command;
}

struct Unit {
  std::string base;  // path of the module without an ending
  size_t bytes;      // of its PTX
  std::string object = {};  // of its code
  pid_t pid = 0;
  bool sound = false;
  std::string why = {};  // it is not
};

bool translate(const std::string& directory, const std::vector<Unit>& units, std::string& why) {
  std::vector<std::string> command{STANDIN_JAVA, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", home() + "/translator",
                                   "dev.assay.ptx.Translate", directory};
  for (auto& unit : units) command.push_back(unit.base + ".ptx");
  auto log = directory + "/translation." + std::to_string(getpid()) + ".log";
  bool sound = finish(start(command, log));
  if (!sound) why = read(log);
  if (!sound && why.empty()) why = std::string("the translator does not run: ") + STANDIN_JAVA;
  std::remove(log.c_str());
  return sound;
}

/// Where a compiler at work in this process writes.
std::string mine(const Unit& unit) { return unit.object + "." + std::to_string(getpid()); }

void begin(Unit& unit, const std::string& directory, int variant) {
  unit.object = directory + "/" + hash_of(read(unit.base + ".c") + STANDIN_COMPILER + std::to_string(variant)) + ".so";
  if (access(unit.object.c_str(), R_OK) != 0)
    unit.pid = start(compiler(unit.base + ".c", mine(unit), variant), mine(unit) + ".log");
}

bool end(const Unit& unit, std::string& why) {
  bool sound = unit.pid == 0 || finish(unit.pid);
  if (sound && unit.pid != 0) sound = std::rename(mine(unit).c_str(), unit.object.c_str()) == 0;
  if (!sound) why += read(mine(unit) + ".log").substr(0, 2000);
  std::remove((mine(unit) + ".log").c_str());
  if (!sound) return false;
  std::remove((unit.base + ".so").c_str());
  return link(unit.object.c_str(), (unit.base + ".so").c_str()) == 0 || access((unit.base + ".so").c_str(), R_OK) == 0;
}

}  // namespace

bool compile(const std::vector<std::string>& texts, int variant, std::string& why) {
  auto directory = cache();
  std::vector<Unit> units;
  for (auto& ptx : texts) {
    auto base = directory + "/" + name_of(ptx, variant);
    if (access((base + ".so").c_str(), R_OK) == 0) continue;
    std::ofstream(base + ".ptx") << ptx;
    units.push_back({base, ptx.size()});
  }
  if (units.empty()) return true;
  if (!translate(directory, units, why)) return false;
  // The largest first: begun last, it alone would be waited for.
  std::sort(units.begin(), units.end(), [](const Unit& a, const Unit& b) { return a.bytes > b.bytes; });
  std::atomic<size_t> next{0};
  auto compile_some = [&] {
    for (size_t i; (i = next++) < units.size();) {
      begin(units[i], directory, variant);
      units[i].sound = end(units[i], units[i].why);
    }
  };
  std::vector<std::thread> others;
  for (size_t i = 1; i < std::min<size_t>(AT_ONCE, units.size()); i++) others.emplace_back(compile_some);
  compile_some();
  for (auto& other : others) other.join();
  bool sound = true;
  for (auto& unit : units) {
    sound &= unit.sound;
    why += unit.why;
  }
  return sound;
}

const ptx_module* load(const std::string& ptx, int variant, std::string& why) {
  static std::map<std::string, const ptx_module*> loaded;
  auto name = name_of(ptx, variant);
  auto known = loaded.find(name);
  if (known != loaded.end()) return known->second;
  if (!compile({ptx}, variant, why)) return nullptr;
  void* library = dlopen((cache() + "/" + name + ".so").c_str(), RTLD_NOW | RTLD_LOCAL);
  auto* module = library == nullptr ? nullptr : static_cast<const ptx_module*>(dlsym(library, "ptx_module"));
  if (module == nullptr || module->abi != PTX_ABI) {
    const char* words = dlerror();
    why = words == nullptr ? "the compiled module is of another version" : words;
    return nullptr;
  }
  return loaded[name] = module;
}

}  // namespace standin
