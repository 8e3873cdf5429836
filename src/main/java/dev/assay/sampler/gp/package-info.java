/// A Bayesian optimisation put together from parts, each of which may be yours.
@NullMarked
package dev.assay.sampler.gp;

import org.jspecify.annotations.NullMarked;
