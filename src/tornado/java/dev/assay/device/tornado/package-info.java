/// The back end for OpenCL and CUDA devices whose device code is Java: TornadoVM compiles it at run
/// time. Built only where its SDK is installed.
///
/// A kernel is a static method that takes what the device knows of itself from a `KernelContext`;
/// its arithmetic stands in methods of plain Java beside it, which take the number of their thread
/// and the number of threads, so that called with 0 and 1 they are the same calculation on the
/// processor. Sizes, strides and hyperparameters are read from buffers: TornadoVM compiles scalars
/// into the code.
///
/// Letters as in `dev.assay.gp`, moreover: R matrices (θs of a fit, or groups of models that share
/// a factor), M points. Arrays are padded to capacities, whose strides stand in `control`.
@NullMarked
package dev.assay.device.tornado;

import org.jspecify.annotations.NullMarked;
