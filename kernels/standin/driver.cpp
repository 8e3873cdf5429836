// A libcuda.so.1 without a GPU: the part of the CUDA driver interface that the host code uses, over execution.h.
//
// A test artifact: its device's name says so. Work on a stream is queued and done only when someone waits for the stream,
// so that a host that reads too early reads rubbish. Modules are PTX, translated and compiled (modules.h). Device memory
// begins as NaN and ends in a guard that is checked when it is freed. Calls without a current context are refused, as the
// driver refuses them. What its devices are and what goes wrong on them: scene.h.
#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>

#include "checks.h"
#include "counts.h"
#include "execution.h"
#include "modules.h"
#include "scene.h"
#include "sweep.h"

namespace {

enum Code {
  SUCCESS = 0,
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  DEVICE_UNAVAILABLE = 46,
  NOT_INITIALIZED = 3,
  NO_DEVICE = 100,
  INVALID_DEVICE = 101,
  INVALID_CONTEXT = 201,
  NO_BINARY_FOR_GPU = 209,
  INVALID_PTX = 218,
  INVALID_HANDLE = 400,
  NOT_FOUND = 500,
  ILLEGAL_ADDRESS = 700,
  LAUNCH_FAILED = 719
};

using Work = std::function<int()>;

struct Stream {
  std::vector<Work> queue;
};

struct Kernel {
  const ptx_module* module;
  const ptx_entry* entry;
  size_t most_shared = 48 * 1024;
};

struct Module {
  std::vector<std::unique_ptr<Kernel>> kernels;
};

struct Event {
  Stream* stream = nullptr;
};

struct Allocation {
  size_t bytes;
  unsigned char* memory;
  bool watched;  // its bounds and writes are known to the checks
  scene::Device* device;  // null: of before the environment was read again
};

constexpr size_t GUARD_BYTES = 256;
constexpr unsigned char GUARD = 0xA5;

std::recursive_mutex lock;
bool initialised = false;
long long launches = 0;
std::map<unsigned long long, Allocation> allocations;
std::map<void*, size_t> pinned;
Stream null_stream;
std::set<Stream*> streams{&null_stream};
std::string fault_text = "unspecified launch failure";
thread_local scene::Device* current_context = nullptr;  // a device's one context is told by the device

#define ENTRY extern "C" __attribute__((visibility("default"))) int
#define LOCKED std::lock_guard<std::recursive_mutex> hold(lock)
#define NEEDS_CONTEXT \
  LOCKED;             \
  if (current_context == nullptr) return INVALID_CONTEXT; \
  if (current_context->lost != SUCCESS) return current_context->lost

Stream* real(Stream* stream) { return stream == nullptr ? &null_stream : stream; }

/// Does what is queued; the first code that is not 0 ends it.
int drain(Stream* stream) {
  std::vector<Work> works;
  works.swap(stream->queue);
  for (auto& work : works) {
    int code = work();
    if (code != SUCCESS) return code;
  }
  return SUCCESS;
}

/// The legacy default stream waits for all others: here only for itself, so host code must not mix them.
int enqueue(Stream* stream, Work work) {
  real(stream)->queue.push_back(std::move(work));
  return SUCCESS;
}

/// Whether device memory [at, at + bytes) lies in one allocation.
bool is_device(unsigned long long at, size_t bytes) {
  auto next = allocations.upper_bound(at);
  if (next == allocations.begin()) return false;
  auto& [start, allocation] = *std::prev(next);
  return at + bytes <= start + allocation.bytes;
}

bool guards_hold(const Allocation& allocation) {
  for (size_t i = 0; i < GUARD_BYTES; i++)
    if (allocation.memory[i] != GUARD || allocation.memory[GUARD_BYTES + allocation.bytes + i] != GUARD) return false;
  return true;
}

/// Whether device memory comes from where bounds and writes are known.
bool watched() { return standin::checks::enabled() != 0; }

/// What the environment asks of every process that uses this driver, as `ASSAY_STANDIN_CHECKS=all`.
struct Wishes {
  int variant = standin::PLAIN;
  unsigned long long seed = 0;

  Wishes() {
    if (const char* words = std::getenv("ASSAY_STANDIN_CHECKS")) check(words);
    if (std::getenv("ASSAY_STANDIN_PROFILE") != nullptr) count();
    if (const char* mode = std::getenv("ASSAY_STANDIN_MODE")) as_device(std::strcmp(mode, "device") == 0);
    if (const char* number = std::getenv("ASSAY_STANDIN_SEED")) seed = std::strtoull(number, nullptr, 10);
  }
  bool check(const char* words) {
    int which = standin::checks::parse(words);
    if (which < 0) {
      std::fprintf(stderr, "stand-in: unknown checks: %s (known: memcheck, initcheck, racecheck, all)\n", words);
      std::exit(2);
    }
    standin::checks::enable(which);
    variant = (variant & ~standin::CHECKED) | (which ? standin::CHECKED : 0);
    return true;
  }
  void count() {
    standin::counts::enable();
    variant |= standin::COUNTED;
  }
  void as_device(bool wanted) { variant = (variant & ~standin::AS_DEVICE) | (wanted ? standin::AS_DEVICE : 0); }
} wishes;

std::string refusal;  // why the last module was refused

}  // namespace

ENTRY cuInit(unsigned) {
  LOCKED;
  if (scene::devices().empty()) return NO_DEVICE;
  initialised = true;
  return SUCCESS;
}

ENTRY cuDriverGetVersion(int* version) {
  *version = scene::driver_version();
  return SUCCESS;
}

ENTRY cuDeviceGetCount(int* count) {
  LOCKED;
  if (!initialised) return NOT_INITIALIZED;
  *count = (int)scene::devices().size();
  return SUCCESS;
}

ENTRY cuDeviceGet(int* device, int ordinal) {
  LOCKED;
  if (ordinal < 0 || ordinal >= (int)scene::devices().size()) return INVALID_DEVICE;
  *device = ordinal;
  return SUCCESS;
}

ENTRY cuDeviceGetName(char* name, int length, int device) {
  std::snprintf(name, length, "%s", scene::devices()[device]->name.c_str());
  return SUCCESS;
}

/// From `GPU-` or `MIG-` on, hexadecimal digits.
ENTRY cuDeviceGetUuid(unsigned char* uuid, int device) {
  std::memset(uuid, 0, 16);
  int digits = 0;
  for (char c : scene::devices()[device]->uuid.substr(4)) {
    if (!std::isxdigit((unsigned char)c) || digits == 32) continue;
    int value = c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
    uuid[digits / 2] |= digits % 2 == 0 ? value << 4 : value;
    digits++;
  }
  return SUCCESS;
}

ENTRY cuDeviceGetUuid_v2(unsigned char* uuid, int device) { return cuDeviceGetUuid(uuid, device); }

ENTRY cuDeviceGetAttribute(int* value, int attribute, int device) {
  auto& described = *scene::devices()[device];
  switch (attribute) {
    case 1: *value = 1024; break;         // threads of a block
    case 8: *value = 48 * 1024; break;    // shared memory of a block
    case 10: *value = 32; break;          // warp
    case 13: *value = described.clock; break;
    case 16: *value = described.multiprocessors; break;
    case 17: *value = described.display; break;  // launches of seconds are ended
    case 20: *value = described.mode; break;
    case 75: *value = described.capability / 10; break;
    case 76: *value = described.capability % 10; break;
    case 87: *value = described.ratio; break;
    case 97: *value = described.shared; break;  // shared memory of a block, on request
    default: *value = 0;
  }
  return SUCCESS;
}

ENTRY cuDeviceTotalMem_v2(size_t* bytes, int device) {
  LOCKED;
  *bytes = scene::devices()[device]->memory;
  return SUCCESS;
}

ENTRY cuDevicePrimaryCtxRetain(void** context, int device) {
  LOCKED;
  if (device < 0 || device >= (int)scene::devices().size()) return INVALID_DEVICE;
  auto& described = *scene::devices()[device];
  if (described.busy || described.mode == scene::PROHIBITED) return DEVICE_UNAVAILABLE;
  *context = &described;
  return SUCCESS;
}

ENTRY cuDevicePrimaryCtxRelease_v2(int) { return SUCCESS; }

ENTRY cuCtxSetCurrent(void* context) {
  current_context = static_cast<scene::Device*>(context);
  return SUCCESS;
}

ENTRY cuCtxGetCurrent(void** context) {
  *context = current_context;
  return SUCCESS;
}

ENTRY cuCtxSynchronize() {
  NEEDS_CONTEXT;
  return drain(&null_stream);
}

namespace {

/// Where the driver writes why it refused a module, as the options of a load say.
struct Log {
  char* text = nullptr;
  size_t room = 0;

  Log(unsigned count, const int* options, void** values) {
    for (unsigned i = 0; i < count; i++) {
      if (options[i] == 5) text = static_cast<char*>(values[i]);
      if (options[i] == 6) room = reinterpret_cast<size_t>(values[i]);
    }
  }

  int refuse(int code, const std::string& words) const {
    if (text != nullptr && room > 0) std::snprintf(text, room, "%s", words.c_str());
    return code;
  }
};

int load(Module** module, const char* ptx, const Log& log) {
  refusal.clear();
  auto* code = standin::load(ptx, wishes.variant, refusal);
  if (code == nullptr) {
    if (log.text == nullptr) std::fprintf(stderr, "stand-in: %s\n", refusal.c_str());
    return log.refuse(INVALID_PTX, "stand-in: " + refusal);
  }
  standin::counts::loaded(code);
  auto loaded = std::make_unique<Module>();
  for (auto* entry = code->entries; entry->name != nullptr; entry++)
    loaded->kernels.emplace_back(new Kernel{code, entry});
  *module = loaded.release();
  return SUCCESS;
}

/// The bytes of an ELF file: its table of sections stands at its end.
size_t elf_bytes(const unsigned char* image) {
  unsigned long long at;
  unsigned short each, count;
  std::memcpy(&at, image + 40, 8);
  std::memcpy(&each, image + 58, 2);
  std::memcpy(&count, image + 60, 2);
  return at + size_t(each) * count;
}

}  // namespace

ENTRY cuModuleLoadDataEx(Module** module, const void* image, unsigned count, int* options, void** values) {
  Log log(count, options, values);
  bool binary = std::memcmp(image, "\x7f" "ELF", 4) == 0;
  if (!binary) std::this_thread::sleep_for(std::chrono::milliseconds(scene::compile_milliseconds()));
  NEEDS_CONTEXT;
  if (binary) {
    auto ptx = scene::ptx_of(image, elf_bytes(static_cast<const unsigned char*>(image)));
    return ptx.empty() ? NO_BINARY_FOR_GPU : load(module, ptx.c_str(), log);
  }
  if (int code = scene::ptx_code()) return log.refuse(code, "ptxas fatal   : Unsupported .version 9.9; current version is '8.5'");
  return load(module, static_cast<const char*>(image), log);
}

ENTRY cuModuleLoadData(Module** module, const void* image) {
  return cuModuleLoadDataEx(module, image, 0, nullptr, nullptr);
}

ENTRY cuModuleUnload(Module* module) {
  LOCKED;
  delete module;
  return SUCCESS;
}

ENTRY cuModuleGetFunction(Kernel** function, Module* module, const char* name) {
  NEEDS_CONTEXT;
  for (auto& kernel : module->kernels) {
    if (std::strcmp(kernel->entry->name, name) == 0) {
      *function = kernel.get();
      return SUCCESS;
    }
  }
  return NOT_FOUND;
}

ENTRY cuFuncSetAttribute(Kernel* function, int attribute, int value) {
  LOCKED;
  if (attribute == 8) {  // dynamic shared memory
    if (value > 227 * 1024) return INVALID_VALUE;
    function->most_shared = std::max<size_t>(48 * 1024, value);
  }
  return SUCCESS;
}

ENTRY cuMemAlloc_v2(unsigned long long* pointer, size_t bytes) {
  NEEDS_CONTEXT;
  if (bytes == 0) return INVALID_VALUE;
  auto& device = *current_context;
  scene::allocating(device);
  if (device.used + device.taken + bytes > device.memory) return OUT_OF_MEMORY;
  size_t all = (bytes + 2 * GUARD_BYTES + 255) / 256 * 256;
  auto* memory = watched() ? standin::checks::allocate(all) : static_cast<unsigned char*>(std::aligned_alloc(256, all));
  if (memory == nullptr) return OUT_OF_MEMORY;
  std::memset(memory, GUARD, GUARD_BYTES);
  std::memset(memory + GUARD_BYTES, standin::counts::sampling() ? 0 : 0xff, bytes);
  std::memset(memory + GUARD_BYTES + bytes, GUARD, GUARD_BYTES);
  *pointer = reinterpret_cast<unsigned long long>(memory + GUARD_BYTES);
  allocations[*pointer] = {bytes, memory, watched(), &device};
  if (watched()) standin::checks::allocated(*pointer, bytes);
  device.used += bytes;
  return SUCCESS;
}

ENTRY cuMemFree_v2(unsigned long long pointer) {
  NEEDS_CONTEXT;
  auto found = allocations.find(pointer);
  if (found == allocations.end()) return INVALID_VALUE;
  int code = SUCCESS;
  for (auto* stream : streams) {  // as the driver does: what is under way may use it
    int own = drain(stream);
    if (code == SUCCESS) code = own;
  }
  bool sound = guards_hold(found->second);
  std::memset(found->second.memory, 0xff, found->second.bytes + 2 * GUARD_BYTES);
  if (found->second.watched) {
    standin::checks::released(pointer, found->second.bytes);
    standin::checks::release(found->second.memory, found->second.bytes + 2 * GUARD_BYTES);
  } else {
    std::free(found->second.memory);
  }
  if (found->second.device != nullptr) found->second.device->used -= found->second.bytes;
  allocations.erase(found);
  if (!sound) fault_text = "a kernel or a copy wrote beyond an allocation";
  return sound ? code : ILLEGAL_ADDRESS;
}

ENTRY cuMemGetInfo_v2(size_t* free, size_t* total) {
  NEEDS_CONTEXT;
  auto& device = *current_context;
  *free = device.memory - std::min(device.memory, device.used + device.taken);
  *total = device.memory;
  return SUCCESS;
}

ENTRY cuMemAllocHost_v2(void** pointer, size_t bytes) {
  NEEDS_CONTEXT;
  *pointer = std::malloc(bytes);
  pinned[*pointer] = bytes;
  return SUCCESS;
}

ENTRY cuMemHostAlloc(void** pointer, size_t bytes, unsigned) { return cuMemAllocHost_v2(pointer, bytes); }

ENTRY cuMemFreeHost(void* pointer) {
  NEEDS_CONTEXT;
  if (pinned.erase(pointer) == 0) return INVALID_VALUE;
  std::free(pointer);
  return SUCCESS;
}

ENTRY cuMemcpyHtoDAsync_v2(unsigned long long to, const void* from, size_t bytes, Stream* stream) {
  NEEDS_CONTEXT;
  if (!is_device(to, bytes)) return INVALID_VALUE;
  return enqueue(stream, [=] {
    std::memcpy(reinterpret_cast<void*>(to), from, bytes);
    standin::checks::written(to, bytes);
    return SUCCESS;
  });
}

ENTRY cuMemcpyDtoHAsync_v2(void* to, unsigned long long from, size_t bytes, Stream* stream) {
  NEEDS_CONTEXT;
  if (!is_device(from, bytes)) return INVALID_VALUE;
  return enqueue(stream, [=] {
    std::memcpy(to, reinterpret_cast<void*>(from), bytes);
    return SUCCESS;
  });
}

ENTRY cuMemcpyDtoDAsync_v2(unsigned long long to, unsigned long long from, size_t bytes, Stream* stream) {
  NEEDS_CONTEXT;
  if (!is_device(from, bytes) || !is_device(to, bytes)) return INVALID_VALUE;
  return enqueue(stream, [=] {
    std::memmove(reinterpret_cast<void*>(to), reinterpret_cast<void*>(from), bytes);
    standin::checks::moved(to, from, bytes);
    return SUCCESS;
  });
}

ENTRY cuMemsetD8Async(unsigned long long to, unsigned char value, size_t bytes, Stream* stream) {
  NEEDS_CONTEXT;
  if (!is_device(to, bytes)) return INVALID_VALUE;
  return enqueue(stream, [=] {
    std::memset(reinterpret_cast<void*>(to), value, bytes);
    standin::checks::written(to, bytes);
    return SUCCESS;
  });
}

ENTRY cuStreamCreate(Stream** stream, unsigned) {
  NEEDS_CONTEXT;
  *stream = new Stream;
  streams.insert(*stream);
  return SUCCESS;
}

ENTRY cuStreamDestroy_v2(Stream* stream) {
  NEEDS_CONTEXT;
  int code = drain(stream);
  streams.erase(stream);
  delete stream;
  return code;
}

ENTRY cuStreamSynchronize(Stream* stream) {
  NEEDS_CONTEXT;
  return drain(real(stream));
}

ENTRY cuEventCreate(Event** event, unsigned) {
  NEEDS_CONTEXT;
  *event = new Event;
  return SUCCESS;
}

ENTRY cuEventRecord(Event* event, Stream* stream) {
  NEEDS_CONTEXT;
  event->stream = real(stream);
  return SUCCESS;
}

ENTRY cuEventSynchronize(Event* event) {
  NEEDS_CONTEXT;
  return event->stream == nullptr ? SUCCESS : drain(event->stream);
}

ENTRY cuEventElapsedTime(float* milliseconds, Event*, Event*) {
  *milliseconds = 0;  // a stand-in's times mean nothing
  return SUCCESS;
}

ENTRY cuEventDestroy_v2(Event* event) {
  LOCKED;
  delete event;
  return SUCCESS;
}

ENTRY cuLaunchKernel(
    Kernel* kernel, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared_bytes,
    Stream* stream, void** parameters, void**) {
  NEEDS_CONTEXT;
  size_t threads = size_t(bx) * by * bz;
  bool fits = gx > 0 && gy > 0 && gz > 0 && gy <= 65535 && gz <= 65535 && threads > 0 && threads <= 1024;
  if (!fits || shared_bytes > kernel->most_shared) return INVALID_VALUE;
  auto arguments = std::make_shared<std::vector<std::vector<unsigned char>>>();
  for (int i = 0; i < kernel->entry->parameters; i++) {  // read now: they may be gone when the work is done
    auto* from = static_cast<unsigned char*>(parameters[i]);
    arguments->emplace_back(from, from + kernel->entry->bytes[i]);
  }
  auto* device = current_context;
  return enqueue(stream, [=]() -> int {
    if (scene::is_wrong(kernel->entry->name)) return SUCCESS;
    if (int code = scene::launched(kernel->entry->name)) {
      device->lost = code;
      return code;
    }
    std::vector<unsigned char*> pointers;
    for (auto& argument : *arguments) pointers.push_back(argument.data());
    standin::Order order;
    order.reversed = launches++ & 1;
    if (wishes.seed != 0) order.seed = wishes.seed + launches;
    standin::checks::launching(*arguments);
    auto shape = std::to_string(gx) + "x" + std::to_string(gy) + "x" + std::to_string(gz) + " blocks of " + std::to_string(threads) +
                 " threads, " + std::to_string(shared_bytes) + " bytes, arguments";
    for (auto& argument : *arguments) {
      int number = 0;
      if (argument.size() == sizeof number) std::memcpy(&number, argument.data(), sizeof number), shape += " " + std::to_string(number);
    }
    auto fault = standin::sweep::launch(kernel->entry->name, shape, [&] {
      return standin::run(kernel->entry->name, *kernel->module, {gx, gy, gz}, {bx, by, bz}, shared_bytes, order,
                          [&] { kernel->entry->code(pointers.data()); });
    });
    if (fault.empty()) return SUCCESS;
    fault_text = std::string(kernel->entry->name) + ": " + fault;
    return LAUNCH_FAILED;
  });
}

// NVRTC takes a driver without this function for one that has its tables.
ENTRY cuGetExportTable(const void** table, const void*) {
  *table = nullptr;
  return NOT_FOUND;
}

ENTRY cuGetErrorString(int code, const char** text) {
  LOCKED;
  *text = scene::words(code) != nullptr                    ? scene::words(code)
          : code == LAUNCH_FAILED || code == ILLEGAL_ADDRESS ? fault_text.c_str()
          : code == OUT_OF_MEMORY                          ? "out of memory"
                                                           : "error of the test stand-in";
  return SUCCESS;
}

// What tests set and read.

ENTRY standin_set_driver_version(int version) {
  scene::driver_version() = version;
  return SUCCESS;
}

ENTRY standin_set_devices(int count) {
  LOCKED;
  scene::plain(count);
  return SUCCESS;
}

/// Reads the environment again.
ENTRY standin_read() {
  LOCKED;
  for (auto& [at, allocation] : allocations) allocation.device = nullptr;
  scene::read();
  return SUCCESS;
}

ENTRY standin_set_memory(long long bytes) {
  LOCKED;
  for (auto* device : scene::devices()) device->memory = bytes;
  return SUCCESS;
}

extern "C" __attribute__((visibility("default"))) long long standin_memory_used() {
  long long used = 0;
  for (auto* device : scene::devices()) used += (long long)device->used;
  return used;
}
extern "C" __attribute__((visibility("default"))) long long standin_pinned() { return (long long)pinned.size(); }
extern "C" __attribute__((visibility("default"))) long long standin_launches() { return launches; }

/// Which checks modules are compiled with and made: before the first module.
ENTRY standin_checks(int which) {
  LOCKED;
  standin::checks::enable(which);
  wishes.variant = (wishes.variant & ~standin::CHECKED) | (which ? standin::CHECKED : 0);
  return SUCCESS;
}

/// Whether approximate instructions and what is not a number are as on a card: before the first module.
ENTRY standin_as_device(int wanted) {
  LOCKED;
  wishes.as_device(wanted != 0);
  return SUCCESS;
}

/// The order of warps and lanes: drawn by a seed, or for 0 as they are, and reversed on every other launch.
ENTRY standin_set_seed(long long seed) {
  LOCKED;
  wishes.seed = seed;
  return SUCCESS;
}

/// Leaves out every barrier that is reached, one at a time, in copies of the process, and tells a file which are noticed.
ENTRY standin_sweep(const char* file) {
  LOCKED;
  standin::sweep::enable(file);
  return SUCCESS;
}

/// Writes to a directory which basic blocks were reached so far.
ENTRY standin_tell_reached(const char* directory) {
  LOCKED;
  standin::counts::tell_reached(directory);
  return SUCCESS;
}

/// Whether every access to memory is counted from now on, by code with checks.
ENTRY standin_watch(int on) {
  LOCKED;
  standin::counts::watch(on != 0);
  return SUCCESS;
}

/// Writes to a file what was counted since.
ENTRY standin_tell_traffic(const char* file) {
  LOCKED;
  standin::counts::tell_traffic(file);
  return SUCCESS;
}

/// Compiles PTX files, separated by line ends, that were not compiled before.
ENTRY standin_compile(const char* files) {
  LOCKED;
  std::vector<std::string> texts;
  std::istringstream in(files);
  for (std::string file; std::getline(in, file);) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    texts.push_back(text.str());
  }
  refusal.clear();
  if (standin::compile(texts, wishes.variant, refusal)) return SUCCESS;
  std::fprintf(stderr, "stand-in: %s\n", refusal.c_str());
  return INVALID_PTX;
}

extern "C" __attribute__((visibility("default"))) const char* standin_refusal() { return refusal.c_str(); }
extern "C" __attribute__((visibility("default"))) const char* standin_leaks() {
  static std::string text;
  text = standin::checks::leaks();
  return text.c_str();
}
