// Counts of what kernels do: instructions of warps by kind, transactions of global memory, passes of shared memory,
// and which basic blocks any thread reached.
//
// ASSAY_STANDIN_SAMPLE=KERNELS, separated by commas: of their launches with many blocks some run, for all, so that sizes can be counted that
// are too large to be executed. They lie on a lattice whose density is such that every row and column of blocks has five or more
// (ASSAY_STANDIN_SAMPLE_LEFT=5), another one in each launch; the first and the last block always run. Counts are scaled; of sectors those that more than one of these blocks
// touched count once, since then all blocks of a row or column have them in common. The longest block is that of those that ran. Memory
// begins as 0 and not as NaN.
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

/// Whether some kernels' blocks are counted in a sample only: what they calculate is wrong then.
bool sampling();

// What the execution tells.
void begin(size_t threads, ptx_axes grid);
/// How many of the launch's blocks that one stands for; 0: it is not to be run.
double stands_for(size_t block);
unsigned* visits(size_t thread);
void met();          // the block's threads met
void met(int warp);  // the warp's lanes met
void end_block(double blocks);
void end();

/// A module whose reached blocks are to be told at the end.
void loaded(const ptx_module* module);

/// Writes which blocks of them were reached so far, as at the end of a process with ASSAY_STANDIN_COVERAGE.
void tell_reached(const std::string& directory);

}  // namespace standin::counts
