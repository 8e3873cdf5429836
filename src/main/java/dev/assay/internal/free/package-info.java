/// What a configuration is for the objective: as it is, a record, or asked for while the objective
/// runs.
@NullMarked
package dev.assay.internal.free;

import org.jspecify.annotations.NullMarked;
