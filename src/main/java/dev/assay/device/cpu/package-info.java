/// The processor: engines for training and for Gaussian processes, the reference that every device
/// is held against.
///
/// Training, notation: a lane's layer l has weights W: u × v at row stride s, a bias b: v, inputs
/// A: B × u and outputs Z = A W + b: B × v for a batch of B rows; D: B × v is the loss's gradient
/// by Z, G: u × v by W. Row strides are multiples of [LaneMath#STRIDE], and rows of B are computed
/// in blocks of [LaneMath#BLOCK]; padding is zero in W, b and every gradient, so that it never
/// counts.
@NullMarked
package dev.assay.device.cpu;

import org.jspecify.annotations.NullMarked;
