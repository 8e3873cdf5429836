/// Recorded measurements as trials: a table read, its columns told apart, its curves replayed.
@NullMarked
package dev.assay.run.table;

import org.jspecify.annotations.NullMarked;
