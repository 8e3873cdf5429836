// Checks of what translated PTX does to memory: its bounds, whether it was written, and races.
//
// A shadow of each four bytes of global and of shared memory knows whether they are there, whether they were written, and
// who last wrote and read them. An access is ordered after another of the same launch if one thread did both, if a barrier
// of their block opened in between, or if both threads are of one warp and a barrier of the warp did. A shuffle orders
// nothing, and no two blocks are ordered. The first fault ends the launch.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace standin::checks {

enum { MEMORY = 1, UNWRITTEN = 2, RACES = 4 };

/// Which are made: before the first allocation and the first module.
void enable(int which);
int enabled();
/// From `memcheck,initcheck,racecheck`, or `all`; -1 where a word is not known.
int parse(const std::string& words);

/// Device memory from where none is ever handed out twice: an access after a free is one beyond all arrays.
/// Null where there is no more.
unsigned char* allocate(size_t bytes);
void release(unsigned char* memory, size_t bytes);

// What the driver does to memory.
void allocated(unsigned long long at, size_t bytes);
void released(unsigned long long at, size_t bytes);
void written(unsigned long long at, size_t bytes);
void moved(unsigned long long to, unsigned long long from, size_t bytes);
/// Arguments of the launch to come: faults are told by the argument that leads to the array.
void launching(const std::vector<std::vector<unsigned char>>& arguments);
/// Arrays that are still allocated, one a line.
std::string leaks();

}  // namespace standin::checks
