/// How much each parameter matters to an objective, judged by the completed trials of a study.
///
/// n: completed trials. d: parameters. x: d columns of n positions in the unit interval, NaN where
/// a parameter does not exist. y: n losses, smaller is better. A parameter that exists only under
/// conditions is judged within the part of the space where it exists, weighted by that part's
/// share; the difference between that part and the rest belongs to the parameters that the
/// condition names.
@NullMarked
package dev.assay.importance;

import org.jspecify.annotations.NullMarked;
