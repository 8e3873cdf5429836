/// Files: those that only their owner can read, and those that may be larger than memory.
@NullMarked
package dev.assay.files;

import org.jspecify.annotations.NullMarked;
