/// What trials cost in time, money or memory, learnt from those that were.
@NullMarked
package dev.assay.internal.sampler.cost;

import org.jspecify.annotations.NullMarked;
