/// CMA-ES with margin: generations drawn from a normal distribution that learns from their ranks.
@NullMarked
package dev.assay.internal.sampler.cmaes;

import org.jspecify.annotations.NullMarked;
