/// Acquisition functions: what one more observation at a point is worth, given what models predict
/// there.
///
/// Objectives are minimised; every acquisition value is to be maximised. μ, s: mean and standard
/// deviation that a model predicts at a point, s > 0. f*: the incumbent, the best value so far in
/// the model's units. u = (f* - μ)/s. φ, Φ: density and distribution function of the standard
/// normal. h(u) = φ(u) + uΦ(u) = E[max(0, u + Z)], so that expected improvement is s h(u).
///
/// A function reads the predictions of one or several models, which are numbered 0, 1, ... by
/// whoever evaluates it, and gives its derivatives in every μ and s; the chain rule to the point is
/// the evaluator's.
@NullMarked
package dev.assay.internal.acquisition;

import org.jspecify.annotations.NullMarked;
