#include "scene.h"

#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string_view>

namespace scene {
namespace {

std::string setting(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

int number(const char* name, int otherwise) {
  auto text = setting(name);
  return text.empty() ? otherwise : std::atoi(text.c_str());
}

std::vector<std::string> parts(const std::string& text, char separator) {
  std::vector<std::string> found;
  std::stringstream in(text);
  for (std::string part; std::getline(in, part, separator);) found.push_back(part);
  return found;
}

std::string label(size_t index, const std::string& name) {
  return "Assay test stand-in " + std::to_string(index) + (name.empty() ? "" : " for " + name) + " (no GPU)";
}

Device described(size_t index, const std::string& text) {
  Device device;
  std::string name;
  device.uuid = "GPU-" + std::to_string(index) + "0000000";
  for (auto& part : parts(text, ',')) {
    auto equals = part.find('=');
    auto key = part.substr(0, equals), value = equals == std::string::npos ? "" : part.substr(equals + 1);
    if (key == "name") name = value;
    if (key == "uuid") device.uuid = value;
    if (key == "capability") device.capability = std::atoi(value.c_str());
    if (key == "multiprocessors") device.multiprocessors = std::atoi(value.c_str());
    if (key == "ratio") device.ratio = std::atoi(value.c_str());
    if (key == "clock") device.clock = std::atoi(value.c_str());
    if (key == "mode") device.mode = value == "exclusive" ? EXCLUSIVE : value == "prohibited" ? PROHIBITED : DEFAULT;
    if (key == "busy") device.busy = value == "1";
    if (key == "shared") device.shared = std::atoi(value.c_str());
    if (key == "display") device.display = value == "1";
    if (key == "memory") device.memory = std::strtoull(value.c_str(), nullptr, 10);
    if (key == "taken") device.taken = std::strtoull(value.c_str(), nullptr, 10);
  }
  device.name = label(index, name);
  return device;
}

std::vector<Device> visible(const std::vector<Device>& all) {
  const char* shown = std::getenv("CUDA_VISIBLE_DEVICES");
  if (shown == nullptr) return all;
  std::vector<Device> left;
  for (auto& entry : parts(shown, ',')) {
    const Device* chosen = nullptr;
    bool digits = !entry.empty() && entry.find_first_not_of("0123456789") == std::string::npos;
    if (digits && std::stoul(entry) < all.size()) chosen = &all[std::stoul(entry)];
    for (auto& device : all)
      if (!digits && entry.size() >= 4 && device.uuid.rfind(entry, 0) == 0) chosen = &device;
    if (chosen == nullptr) break;
    left.push_back(*chosen);
  }
  return left;
}

std::deque<Device> storage;  // whose elements stay where they are
std::vector<Device*> shown;
int version;
std::map<std::string, int> counts;
int allocations;
bool is_read = false;

void show(const std::vector<Device>& wanted) {
  shown.clear();
  for (size_t i = 0; i < wanted.size(); i++) {
    if (storage.size() == i) storage.emplace_back();
    size_t used = storage[i].used;
    storage[i] = wanted[i];
    storage[i].used = used;
    shown.push_back(&storage[i]);
  }
}

void need() {
  if (!is_read) read();
}

}  // namespace

void read() {
  is_read = true;
  std::vector<Device> found;
  auto texts = parts(setting("ASSAY_STANDIN_DEVICES"), ';');
  if (texts.empty()) texts.push_back("");
  for (auto& text : texts) found.push_back(described(found.size(), text));
  for (auto& device : storage) device.used = 0;
  show(visible(found));
  version = number("ASSAY_STANDIN_DRIVER", 12060);
  counts.clear();
  allocations = 0;
}

std::vector<Device*>& devices() {
  need();
  return shown;
}

void plain(int count) {
  std::vector<Device> wanted;
  for (int i = 0; i < count; i++) wanted.push_back(described(i, ""));
  show(wanted);
}

int& driver_version() {
  need();
  return version;
}

int compile_milliseconds() { return number("ASSAY_STANDIN_COMPILE_MS", 0); }

int ptx_code() { return number("ASSAY_STANDIN_PTX", 0); }

std::string ptx_of(const void* cubin, size_t bytes) {
  auto directory = setting("ASSAY_STANDIN_CUBINS");
  if (directory.empty()) return "";
  std::string_view image(static_cast<const char*>(cubin), bytes);
  for (auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() != ".ptx") continue;
    std::ifstream in(entry.path());
    std::string ptx(std::istreambuf_iterator<char>(in), {});
    auto at = ptx.find(".entry ");
    if (at == std::string::npos) continue;
    auto name = ptx.substr(at + 7, ptx.find('(', at) - at - 7);
    name.erase(name.find_last_not_of(" \n\t") + 1);
    if (image.find(".text." + name) != std::string_view::npos) return ptx;
  }
  return "";
}

int launched(const std::string& kernel) {
  auto fault = parts(setting("ASSAY_STANDIN_FAULT"), ':');
  if (fault.size() != 3 || fault[0] != kernel) return 0;
  return ++counts[kernel] == std::atoi(fault[1].c_str()) ? std::atoi(fault[2].c_str()) : 0;
}

void allocating(Device& device) {
  auto takes = parts(setting("ASSAY_STANDIN_TAKES"), ':');
  if (takes.size() == 2 && ++allocations == std::atoi(takes[0].c_str())) device.taken += std::strtoull(takes[1].c_str(), nullptr, 10);
}

bool is_wrong(const std::string& kernel) { return setting("ASSAY_STANDIN_WRONG") == kernel; }

const char* words(int code) {
  switch (code) {
    case 46: return "CUDA-capable device(s) is/are busy or unavailable";
    case 209: return "no kernel image is available for execution on the device";
    case 214: return "uncorrectable ECC error encountered";
    case 222: return "the provided PTX was compiled with an unsupported toolchain.";
    default: return nullptr;
  }
}

}  // namespace scene
