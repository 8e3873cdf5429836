/// All randomness of Assay: counter-based, so that what a trial draws depends on the study's seed,
/// the trial's number and the purpose of the draw only, never on who else drew, in what order, or
/// on how many threads.
@NullMarked
package dev.assay.random;

import org.jspecify.annotations.NullMarked;
