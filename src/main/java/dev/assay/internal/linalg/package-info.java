/// Dense linear algebra and bounded minimisation for the Gaussian-process code.
///
/// Matrices are row-major `double[]`. L: lower Cholesky factor, in the lower triangle of an n × n
/// matrix whose rows are `stride` apart; what stands above the diagonal is not read and may be
/// overwritten. A batch of m right-hand sides is an m × n matrix, one right-hand side a row.
///
/// Numerical failure (not positive definite) is a returned value, never an exception.
@NullMarked
package dev.assay.internal.linalg;

import org.jspecify.annotations.NullMarked;
