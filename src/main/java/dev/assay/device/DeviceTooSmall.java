package dev.assay.device;

import dev.assay.problem.Problem;

/// A device has too little memory, or too little time for a launch, for what was asked of it.
/// Smaller work may still fit.
public final class DeviceTooSmall extends Problem {
  private static final long serialVersionUID = 1;

  private DeviceTooSmall(String what, String value, String mend) {
    super(what, value, mend);
  }

  /// @param device its name
  /// @param figures what is needed and what is free
  public static DeviceTooSmall memory(String device, String figures) {
    return new DeviceTooSmall(
        device + " has too little memory.",
        figures,
        "See in `nvidia-smi` who holds the rest; or use a smaller model, fewer trials at once"
            + " (--parallel), or --backend cpu.");
  }

  /// @param device its name
  /// @param figures what there is of, and the most that there may be of it
  public static DeviceTooSmall time(String device, String figures) {
    return new DeviceTooSmall(
        device + " serves a display, and so may calculate for half a second at a time only.",
        figures,
        "Use a device without a display, or --backend cpu.");
  }
}
