/// Which configurations fit into memory, learnt from those that did not.
@NullMarked
package dev.assay.internal.sampler.memory;

import org.jspecify.annotations.NullMarked;
