/// The port to whatever computes Gaussian processes: a [GpEngine] opens a [GpSession], which holds
/// the data on its device, so that a suggestion costs a few calls and one small answer.
///
/// Points are rows of `double[]`, d coordinates each: positions in [0, 1] for continuous and grid
/// coordinates, option numbers for categories. Outputs are standardised and minimised; acquisition
/// values are maximised. θ is laid out as in `dev.assay.gp`.
@NullMarked
package dev.assay.internal.engine;

import org.jspecify.annotations.NullMarked;
