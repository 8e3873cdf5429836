/// Searches by learning curves: one Gaussian process over configuration and step, which says of
/// every training where it will end, so that each may be paused and gone on with.
///
/// A *curve* is one training; a *cell* a value of it at a step. x: a configuration in coordinates,
/// d of them. u: the share of its whole length that a training has done, in (0, 1]; at the
/// *horizon* u = 1. n: the number of cells. m: the number of *columns*, trainings begun or not
/// whose value at the horizon is asked for. z: cells' values after the warp, larger better. K: n ×
/// n, L its lower Cholesky factor; V = L⁻¹ K(cells, columns), n × m; β = L⁻¹ z.
@NullMarked
package dev.assay.internal.sampler.curves;

import org.jspecify.annotations.NullMarked;
