// Counts of what kernels do: instructions of warps by kind, transactions of global memory, passes of shared memory,
// and which basic blocks any thread reached.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

#include "ptx.h"

namespace standin::counts {

/// Whether anything but the basic blocks that were reached is counted: before the first module.
void enable();
bool enabled();

/// Whether every access of code with checks is looked at from now on, whatever was before; what they were: kernel, PTX line, `global` or
/// `shared`, requests, lanes, sectors or passes, and the least that would do.
void watch(bool on);
bool watching();
void tell_traffic(const std::string& file);
/// @param address in shared memory: from its beginning on
void seen_at(ptx_space space, uint64_t address, unsigned bytes, int line);

// What the execution tells.
void begin(size_t threads, size_t blocks);
unsigned* visits(size_t thread);
void met();          // the block's threads met
void met(int warp);  // the warp's lanes met
void end_block();
void end();

/// A module whose reached blocks are to be told at the end.
void loaded(const ptx_module* module);

/// Writes which blocks of them were reached so far, as at the end of a process with ASSAY_STANDIN_COVERAGE.
void tell_reached(const std::string& directory);

}  // namespace standin::counts
