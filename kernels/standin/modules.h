// PTX to machine code: translated to C (src/test/java/dev/assay/ptx), compiled, loaded. What was compiled once is kept in
// a directory beside the library, by a hash of the text and of all that its code depends on.
#pragma once
#include <string>
#include <vector>

#include "ptx.h"

namespace standin {

/// How modules are compiled.
enum Variant { PLAIN = 0, CHECKED = 1, COUNTED = 2, AS_DEVICE = 4 };

/// The code of a text, compiled if it has to be; null where it is refused, and why. Kept for the process's life.
const ptx_module* load(const std::string& ptx, int variant, std::string& why);

/// Compiles what is missing, two at a time.
bool compile(const std::vector<std::string>& texts, int variant, std::string& why);

}  // namespace standin
