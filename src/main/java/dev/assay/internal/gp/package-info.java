/// Gaussian-process regression, written to be read: the arithmetic that every engine is held
/// against, and what is believed of hyperparameters where nobody says anything. Letters as in
/// `dev.assay.gp`.
@NullMarked
package dev.assay.internal.gp;

import org.jspecify.annotations.NullMarked;
