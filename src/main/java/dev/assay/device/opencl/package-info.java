/// Kernels on OpenCL devices, through the system's `libOpenCL.so.1`. Functions and constants:
/// OpenCL API specification 1.2, which every implementation has.
@NullMarked
package dev.assay.device.opencl;

import org.jspecify.annotations.NullMarked;
