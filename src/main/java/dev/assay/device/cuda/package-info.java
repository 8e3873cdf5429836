/// The back end for NVIDIA cards: the CUDA driver through JCuda, kernels as PTX (`kernels/` in the
/// repository). Needs a driver and nothing else.
///
/// JCuda is not touched before [DriverProbe] has seen a driver that is new enough. Every kernel
/// works on one [CudaStream], in order; every number comes back through one download. Kernels take
/// points coordinate-major, matrices row-major with a leading dimension, lower triangles; the head
/// comment of each `.cu` file says more.
@NullMarked
package dev.assay.device.cuda;

import org.jspecify.annotations.NullMarked;
