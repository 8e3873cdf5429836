/// Tree-structured Parzen estimators: densities of good and of all other trials, and the points
/// where their ratio is largest.
@NullMarked
package dev.assay.internal.sampler.tpe;

import org.jspecify.annotations.NullMarked;
