/// What the trials so far tell samplers of any family: which are better, and which configurations
/// were not tried.
@NullMarked
package dev.assay.internal.sampler.seen;

import org.jspecify.annotations.NullMarked;
