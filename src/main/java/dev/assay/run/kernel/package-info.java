/// Trials that are kernels: compiled with the parameters as macros, launched, verified and
/// measured, each in a worker process that a kernel may hang or crash.
@NullMarked
package dev.assay.run.kernel;

import org.jspecify.annotations.NullMarked;
