/// What heeding costs is worth, where they differ over the space.
@NullMarked
package dev.assay.bench.costs;

import org.jspecify.annotations.NullMarked;
