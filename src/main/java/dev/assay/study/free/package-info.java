/// What a configuration is for the objective: as it is, a record, or asked for while the objective
/// runs.
@NullMarked
package dev.assay.study.free;

import org.jspecify.annotations.NullMarked;
