/// Words and numbers as people read and write them, and the log.
@NullMarked
package dev.assay.internal.words;

import org.jspecify.annotations.NullMarked;
