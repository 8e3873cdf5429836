/// Vectors of losses of which none need be the best: dominance, fronts, what they dominate. Smaller
/// is better in every objective.
@NullMarked
package dev.assay.internal.pareto;

import org.jspecify.annotations.NullMarked;
