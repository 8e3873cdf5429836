/// The parts of a Gaussian process: covariance functions, what is believed of their parameters,
/// warps of outputs.
///
/// The code uses these letters. d: coordinates; n: observations. X: n × d, the unit cube, category
/// coordinates as option numbers 0, 1, ... y: n, standardised, to be minimised. θ: hyperparameters,
/// p of them: those of the covariance function in its own order, as natural logarithms, then log σ²
/// (noise variance), then m (constant mean, as it is). K = k(X, X) + σ²I: n × n. L: lower Cholesky
/// factor of K. α = K⁻¹(y - m). k* = k(X, x).
///
/// Source of the formulas: Rasmussen and Williams 2006, chapters 2, 4, 5. A coordinate that a point
/// does not have (its condition does not hold) stands at one fixed place, the same for all such
/// points, so that it adds nothing to the distance between two points that both lack it. (Leaving
/// it out of the distance whenever either point lacks it would not be positive definite.)
@NullMarked
package dev.assay.gp;

import org.jspecify.annotations.NullMarked;
