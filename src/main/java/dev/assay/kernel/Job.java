package dev.assay.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One kernel to be compiled, launched, verified and measured.
///
/// @param directory what files are relative to
/// @param verify null: nothing is verified
/// @param clocks what the device is held to meanwhile
/// @param energy whether the energy of a run is measured too
/// @param hopeless milliseconds from which on a kernel is so slow that two runs tell enough
public record Job(
    KernelSource source,
    List<Argument> arguments,
    Launch launch,
    String directory,
    @Nullable Verify verify,
    Measurement measurement,
    Clocks clocks,
    boolean energy,
    double hopeless) {
  public Job {
    arguments = List.copyOf(arguments);
  }

  /// What the kernel's answer is compared with: one of kernel, file and command.
  ///
  /// @param kernel another kernel with the same arguments
  /// @param launch of that kernel
  /// @param file with the elements of one argument
  /// @param command that writes `NAME.expected.npy` for what it knows, beside the `NAME.npy` of the
  ///   buffers, in the directory that `ASSAY_KERNEL_DATA` names
  /// @param argument the buffer that the file is compared with; empty: the last
  /// @param tolerance relative, see [Difference]
  public record Verify(
      @Nullable KernelSource kernel,
      @Nullable Launch launch,
      @Nullable String file,
      List<String> command,
      String argument,
      double tolerance) {
    public Verify {
      command = List.copyOf(command);
    }
  }
}
