/// What a user believes of parameters before the first trial, as densities and draws along an axis.
@NullMarked
package dev.assay.internal.sampler.prior;

import org.jspecify.annotations.NullMarked;
