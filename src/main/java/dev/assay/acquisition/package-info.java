/// What one more observation at a point is worth, for whoever has an idea of their own: beliefs at
/// a point, other things that are modelled beside the objective, and how hard the best point is
/// looked for.
///
/// Objectives are minimised; every acquisition value is to be maximised.
@NullMarked
package dev.assay.acquisition;

import org.jspecify.annotations.NullMarked;
