package dev.assay.device.tornado;

import org.junit.jupiter.api.Assumptions;

/// The first device of the SDK, and the task graphs that all tests share.
final class Device {
  private static final class Holder {
    static final Accelerator ACCELERATOR = open();

    private static Accelerator open() {
      SdkProbe.configure();
      return new Accelerator(DeviceFacts.all().getFirst());
    }
  }

  private Device() {}

  /// The test is skipped in a JVM without the SDK.
  static Accelerator accelerator() {
    Assumptions.assumeTrue(SdkProbe.started(), "this JVM was started without a TornadoVM SDK");
    return Holder.ACCELERATOR;
  }
}
