/// Files and directories that only their owner can read.
@NullMarked
package dev.assay.files;

import org.jspecify.annotations.NullMarked;
