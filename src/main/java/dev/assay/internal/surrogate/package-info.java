/// The strategy of a search with models: which members explain the observations and how much each
/// is trusted, what an acquisition function makes of their beliefs, where candidates are looked
/// for, and what was learnt for the next suggestion.
///
/// All arithmetic is a device's, behind the port `dev.assay.internal.engine`; points, outputs and θ
/// are laid out as there.
@NullMarked
package dev.assay.internal.surrogate;

import org.jspecify.annotations.NullMarked;
