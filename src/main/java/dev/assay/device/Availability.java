package dev.assay.device;

/// Whether a back end can be used on this machine.
public sealed interface Availability {
  /// @param device in words: `Intel Xeon, 2 cores, 512-bit vectors`
  record Available(String device) implements Availability {}

  /// @param reason why not, one sentence
  /// @param mend what would make it available, one sentence
  record Unavailable(String reason, String mend) implements Availability {}
}
