/// Kernels that run: the port that devices implement, and what is done with it in a worker process
/// of its own, which a kernel may hang or crash.
///
/// A [dev.assay.kernel.Job] is one kernel with all its arguments; a [dev.assay.kernel.KernelDevice]
/// compiles and launches it, a [dev.assay.kernel.Verification] compares what it wrote with a
/// reference, and a [dev.assay.kernel.Measurement] times it. [dev.assay.kernel.KernelWorker] does
/// so for whoever writes jobs to its standard input.
@NullMarked
package dev.assay.kernel;

import org.jspecify.annotations.NullMarked;
