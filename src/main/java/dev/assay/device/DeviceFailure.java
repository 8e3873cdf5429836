package dev.assay.device;

import dev.assay.problem.Problem;

/// A device that cannot be gone on with: after an error that ends everything on it, or because it
/// takes none of the kernels.
public final class DeviceFailure extends Problem {
  private static final long serialVersionUID = 1;

  /// @param what what is wrong, with the device's name
  /// @param value the call with kernel and shapes, and what the driver said
  /// @param mend what to do about it
  public DeviceFailure(String what, String value, String mend) {
    super(what, value, mend);
  }

  /// After an illegal access, an uncorrectable memory error, a card that is gone: what was there is
  /// lost, and the driver answers every further call with the same error.
  ///
  /// @param device its name
  /// @param value the call with kernel and shapes, and what the driver said
  public static DeviceFailure lost(String device, String value) {
    return new DeviceFailure(
        device + " failed, and nothing more is calculated on it.",
        value,
        "What is finished is kept: go on with the same command once `nvidia-smi` and the system's"
            + " log (Xid) say that the card is well, or with --backend cpu.");
  }
}
