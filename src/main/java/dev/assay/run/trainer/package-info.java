/// The built-in trainer as trials: many lanes in one run, pruned and compacted, and populations
/// that go on from copies of lanes.
@NullMarked
package dev.assay.run.trainer;

import org.jspecify.annotations.NullMarked;
