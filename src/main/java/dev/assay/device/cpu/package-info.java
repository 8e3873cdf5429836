/// The processor: the reference engines that every device is held against.
@NullMarked
package dev.assay.device.cpu;

import org.jspecify.annotations.NullMarked;
