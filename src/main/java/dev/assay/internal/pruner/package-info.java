/// Ways of stopping hopeless trials early.
///
/// Pruners judge by the reports of the first objective. A loss is a reported value with the sign
/// turned so that smaller is better. A report that knows the other objectives but not the first
/// (NaN) is passed over. A value that is not finite, with nothing else known, means that training
/// diverged: such a trial is no part of order statistics, and stops as
/// [dev.assay.internal.pruner.Divergence] says. Trials may skip steps: a trial's loss *at* a step
/// is that of its last report up to there.
///
/// η: the reduction factor. A rung: a step at which the worse trials stop.
@NullMarked
package dev.assay.internal.pruner;

import org.jspecify.annotations.NullMarked;
