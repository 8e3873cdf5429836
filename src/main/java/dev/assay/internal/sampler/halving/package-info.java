/// Configurations chosen together with what is spent on them: successive halving and Hyperband.
@NullMarked
package dev.assay.internal.sampler.halving;

import org.jspecify.annotations.NullMarked;
