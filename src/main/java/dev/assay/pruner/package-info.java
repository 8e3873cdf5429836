/// Pruners by method and by name. What they do: `docs/study-file.md`.
@NullMarked
package dev.assay.pruner;

import org.jspecify.annotations.NullMarked;
