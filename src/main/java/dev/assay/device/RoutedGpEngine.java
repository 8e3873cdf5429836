package dev.assay.device;

import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import java.util.function.IntSupplier;

/// Sends small problems to the processor, where a launch would cost more than the work, and others
/// to a device.
final class RoutedGpEngine implements GpEngine {
  private final GpEngine small;
  private final GpEngine large;
  private final IntSupplier measure;
  private int from = -1; // not measured yet

  /// @param measure from how many observations on the device is the faster one; asked once, at the
  ///   first problem
  RoutedGpEngine(GpEngine small, GpEngine large, IntSupplier measure) {
    this.small = small;
    this.large = large;
    this.measure = measure;
  }

  @Override
  public String id() {
    return "auto";
  }

  @Override
  public synchronized GpEngine forSize(int observations) {
    if (from < 0) {
      from = measure.getAsInt();
    }
    return observations < from ? small : large;
  }

  @Override
  public GpSession open(Box box) {
    return small.open(box);
  }
}
