// What the stand-in shall be: its devices and what goes wrong on them, as the environment says.
//
// ASSAY_STANDIN_DEVICES     devices, separated by ';', each of KEY=VALUE separated by ',': name, uuid, capability (90), memory
//                     (bytes), taken (bytes that others hold), multiprocessors, ratio (FP32 speed over FP64's), clock (kHz),
//                     shared (bytes of shared memory that a block may have: 232448),
//                     mode (default, exclusive, prohibited), busy (another process has the exclusive card: 1), display
//                     (launches of seconds are ended: 1)
// ASSAY_STANDIN_DRIVER      version as the driver gives it: 12060
// ASSAY_STANDIN_COMPILE_MS  how long the driver compiles the PTX of a module
// ASSAY_STANDIN_PTX         a code: all PTX is refused with it, as by a driver that does not know its version (222)
// ASSAY_STANDIN_CUBINS      directory of PTX: cubins are taken, and run as the PTX there whose kernels they hold. Without it
//                     they are refused, as by a card of another generation
// ASSAY_STANDIN_FAULT       KERNEL:COUNT:CODE: the launch of that number (from 1) of a kernel ends with the code, and with it ends
//                     the context: all that follows fails with it too
// ASSAY_STANDIN_TAKES       COUNT:BYTES: with the allocation of that number (from 1) others take so many bytes of the device
// ASSAY_STANDIN_WRONG       a kernel whose launches do nothing
// CUDA_VISIBLE_DEVICES  numbers and beginnings of UUIDs; the first that is neither ends the list
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace scene {

enum Mode { DEFAULT = 0, PROHIBITED = 2, EXCLUSIVE = 3 };

struct Device {
  std::string name;
  std::string uuid;
  int capability = 90;
  int multiprocessors = 4;
  int ratio = 2;
  int clock = 1980000;
  int shared = 227 * 1024;
  int mode = DEFAULT;
  bool busy = false;
  bool display = false;
  size_t memory = size_t(2) << 30;
  size_t taken = 0;
  size_t used = 0;  // by this process
  int lost = 0;     // the code that ended its context
};

/// All that CUDA_VISIBLE_DEVICES shows. A device stays where it is in memory, also when it is described anew.
std::vector<Device*>& devices();

/// As many devices of the plain kind.
void plain(int count);

/// Reads the environment again; no device is lost any more, nothing is held on it, and no launch counted.
void read();

int& driver_version();
int compile_milliseconds();
int ptx_code();

/// The PTX that a cubin is run as; empty where it is refused.
std::string ptx_of(const void* cubin, size_t bytes);

/// Counts a launch.
///
/// @return the code that it ends with, 0: none
int launched(const std::string& kernel);

/// Counts an allocation.
void allocating(Device& device);

/// Whether its launches do nothing.
bool is_wrong(const std::string& kernel);

/// The driver's words for a code; null: none of its own.
const char* words(int code);

}  // namespace scene
