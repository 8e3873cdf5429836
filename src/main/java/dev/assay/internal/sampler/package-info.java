/// The sampler that chooses among the families.
@NullMarked
package dev.assay.internal.sampler;

import org.jspecify.annotations.NullMarked;
