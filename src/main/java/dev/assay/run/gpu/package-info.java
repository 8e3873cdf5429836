/// GPUs of this machine and who may use them: leases for external trials, and what the driver says
/// of load and memory.
@NullMarked
package dev.assay.run.gpu;

import org.jspecify.annotations.NullMarked;
