/// What is searched: parameters with their distributions, conditions and constraints.
///
/// Every value of a distribution has a *code*, one double: a float or an integer is its own code,
/// an option of a choice is coded by its index; NaN stands for "inactive" (the parameter does not
/// exist under the choices made). Every code has a *unit* value in [0, 1], in which equal steps
/// mean equal steps of the value, or of its logarithm. Samplers think in units; configurations hold
/// codes.
///
/// d: the number of parameters of a space, inactive ones included. A point: d unit values.
@NullMarked
package dev.assay.space;

import org.jspecify.annotations.NullMarked;
