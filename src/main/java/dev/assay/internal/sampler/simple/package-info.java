/// Random points, evenly spread ones, grids, and walks that cool down.
@NullMarked
package dev.assay.internal.sampler.simple;

import org.jspecify.annotations.NullMarked;
