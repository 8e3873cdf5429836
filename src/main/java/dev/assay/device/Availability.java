package dev.assay.device;

import java.util.function.Supplier;

/// Whether a back end can be used on this machine.
public sealed interface Availability {
  /// @param words the device in words, found when they are asked for: `2 cores, vectors of 16
  ///   floats`
  record Available(Supplier<String> words) implements Availability {
    public Available(String device) {
      this(() -> device);
    }

    public String device() {
      return words.get();
    }
  }

  /// @param reason why not, one sentence
  /// @param mend what would make it available, one sentence
  record Unavailable(String reason, String mend) implements Availability {}
}
