package dev.assay.run.kernel;

import dev.assay.kernel.ElementType;
import dev.assay.kernel.Fill;
import dev.assay.kernel.Measurement;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is to be known of a kernel to tune it. Texts that are formulas may name parameters and
/// constants.
///
/// @param file with the kernel, relative to the study's directory
/// @param function the kernel in it
/// @param backend `opencl` or `cuda`
/// @param device a number or a part of a name; empty: the first
/// @param define how parameters reach the source
/// @param constants names with numbers, for formulas and as macros
/// @param context parameters that are given and not chosen, such as a size: the best is wanted for
///   each of their values
/// @param options of the compiler
/// @param block formulas of threads along x, y, z
/// @param grid formulas of blocks along x, y, z
/// @param shared formula of bytes of dynamic shared memory (CUDA); null: none
/// @param verify null: nothing is verified
/// @param clocks formulas of what the device is held to, by the names of [dev.assay.kernel.Clocks]
/// @param timeout of compiling, and of everything after it
/// @param metrics formulas of further values, which may name `time_ms` and `compile_ms`
public record KernelSettings(
    String file,
    String function,
    String backend,
    String device,
    Define define,
    Map<String, Double> constants,
    List<String> context,
    List<String> options,
    List<ArgumentSpec> arguments,
    List<String> block,
    List<String> grid,
    @Nullable String shared,
    @Nullable VerifySpec verify,
    Measurement measurement,
    Map<String, String> clocks,
    Duration timeout,
    Map<String, String> metrics) {
  public static final Duration TIMEOUT = Duration.ofMinutes(1);

  /// Until 1 %, from 7 runs on, half a second at most.
  public static final Measurement MEASUREMENT = new Measurement(1, 7, 0.01, 200, 0.5, false);

  /// How parameters and constants reach the source.
  public enum Define {
    /// As macros.
    ALL,
    /// In place of `{name}` in the text.
    PLACEHOLDERS
  }

  public KernelSettings {
    constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
    context = List.copyOf(context);
    options = List.copyOf(options);
    arguments = List.copyOf(arguments);
    block = List.copyOf(block);
    grid = List.copyOf(grid);
    clocks = Collections.unmodifiableMap(new LinkedHashMap<>(clocks));
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  /// An argument of the kernel.
  ///
  /// @param size formula of elements of a buffer or of local memory; null for a scalar
  /// @param value formula of a scalar; null for the others
  public record ArgumentSpec(
      dev.assay.kernel.Argument.Kind kind,
      ElementType type,
      String name,
      @Nullable String size,
      @Nullable String value,
      Fill fill) {}

  /// What answers are compared with: exactly one of kernel, file and command.
  ///
  /// @param kernel a file with another kernel, which takes the same arguments
  /// @param function the kernel in it
  /// @param block formulas, of constants only
  /// @param grid formulas, of constants only
  /// @param shared formula of bytes of dynamic shared memory; null: none
  /// @param file with one buffer's elements
  /// @param command that writes what is expected
  /// @param argument the buffer that the file has; empty: the last
  /// @param tolerance relative; NaN: none was given
  public record VerifySpec(
      @Nullable String kernel,
      String function,
      List<String> block,
      List<String> grid,
      @Nullable String shared,
      @Nullable String file,
      List<String> command,
      String argument,
      double tolerance) {
    public VerifySpec {
      block = List.copyOf(block);
      grid = List.copyOf(grid);
      command = List.copyOf(command);
    }
  }
}
