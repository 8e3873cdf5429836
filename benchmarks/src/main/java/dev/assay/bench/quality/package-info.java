/// What samplers find: how far from the optimum they are after so many trials, beside other tools.
///
/// Regret: the best value so far minus the problem's optimum; the value itself where the optimum is
/// not known.
@NullMarked
package dev.assay.bench.quality;

import org.jspecify.annotations.NullMarked;
