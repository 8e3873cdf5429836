/// Searches of the autotuning literature over recorded kernels, to set beside Assay's: written from
/// their descriptions, as samplers that `assay compare` finds by name.
///
/// A loss is what is minimised; a configuration that failed has an infinite one. Budgets count
/// configurations, each once.
@NullMarked
package dev.assay.bench.kernels;

import org.jspecify.annotations.NullMarked;
