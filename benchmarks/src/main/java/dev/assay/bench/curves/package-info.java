/// Searches that watch learning curves, replayed on recorded ones.
@NullMarked
package dev.assay.bench.curves;

import org.jspecify.annotations.NullMarked;
