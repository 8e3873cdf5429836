/// Checkpoints of a population's trials on disk: where they lie, and how one is copied.
@NullMarked
package dev.assay.run.population;

import org.jspecify.annotations.NullMarked;
