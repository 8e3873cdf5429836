/// Kernels on NVIDIA devices, through the driver alone; CUDA C++ is compiled by NVRTC, or by nvcc
/// where that is installed. Functions and constants: CUDA driver API and NVRTC reference manuals,
/// 11 to 13.
@NullMarked
package dev.assay.device.nvidia;

import org.jspecify.annotations.NullMarked;
