/// Searches with Gaussian processes: the search space as a box, losses as observations, and what
/// was fitted noted with the trials. What is asked of the models is
/// `dev.assay.internal.surrogate`'s.
///
/// Letters as in `dev.assay.sampler`; a point of the box has a coordinate for each parameter, and θ
/// is laid out as in `dev.assay.gp`.
@NullMarked
package dev.assay.internal.sampler.gp;

import org.jspecify.annotations.NullMarked;
