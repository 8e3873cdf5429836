package dev.assay.run.kernel;

import dev.assay.kernel.Argument;
import dev.assay.kernel.ElementType;
import dev.assay.kernel.Fill;
import dev.assay.kernel.Measurement;
import dev.assay.kernel.Npy;
import dev.assay.problem.Problem;
import dev.assay.run.kernel.KernelSettings.ArgumentSpec;
import dev.assay.run.kernel.KernelSettings.Define;
import dev.assay.run.kernel.KernelSettings.VerifySpec;
import dev.assay.space.Configuration;
import dev.assay.study.Result;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A kernel to be tuned from Java, with arrays as its data:
///
/// ```java
/// try (var problem = KernelProblem.opencl(source, "square");
///     var study = Study.over(space).named("square").minimize("time_ms").open()) {
///   problem.constant("n", 1000).input("in", numbers).output("out", ElementType.FLOAT, "n")
///       .launch(List.of("block"), List.of("ceil(n / block)")).expect("out", squares, 1e-5);
///   Result<Configuration> result = problem.tune(study, Budget.trials(20));
/// }
/// ```
///
/// The parameters of the study's space are macros of the source. Data lies in a temporary directory
/// until [#close]. Belongs to one thread.
public final class KernelProblem implements AutoCloseable {
  private final Path directory;
  private final String file;
  private final String function;
  private final String backend;
  private final Map<String, Double> constants = new LinkedHashMap<>();
  private final List<ArgumentSpec> arguments = new ArrayList<>();
  private final Map<String, String> metrics = new LinkedHashMap<>();
  private List<String> block = List.of();
  private List<String> grid = List.of();
  private @Nullable VerifySpec verify;
  private Measurement measurement = KernelSettings.MEASUREMENT;
  private Duration timeout = KernelSettings.TIMEOUT;

  private KernelProblem(String backend, String ending, String source, String function) {
    this.backend = backend;
    this.function = function;
    file = "kernel." + ending;
    try {
      directory = Files.createTempDirectory("assay-kernel-");
      Files.writeString(directory.resolve(file), source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @param source the program's text
  /// @param function the kernel in it
  public static KernelProblem opencl(String source, String function) {
    return new KernelProblem("opencl", "cl", source, function);
  }

  /// @param source the program's text, CUDA C++
  /// @param function the kernel in it
  public static KernelProblem cuda(String source, String function) {
    return new KernelProblem("cuda", "cu", source, function);
  }

  /// A number that formulas may name; a macro too.
  public KernelProblem constant(String name, double value) {
    constants.put(name, value);
    return this;
  }

  /// The next argument: a buffer that holds these numbers at first.
  public KernelProblem input(String name, float[] values) {
    return buffer(name, ElementType.FLOAT, MemorySegment.ofArray(values), values.length);
  }

  public KernelProblem input(String name, double[] values) {
    return buffer(name, ElementType.DOUBLE, MemorySegment.ofArray(values), values.length);
  }

  public KernelProblem input(String name, int[] values) {
    return buffer(name, ElementType.INT, MemorySegment.ofArray(values), values.length);
  }

  private KernelProblem buffer(String name, ElementType type, MemorySegment values, int count) {
    var data = "input" + arguments.size() + ".npy";
    Npy.write(directory.resolve(data), type, values);
    var fill = new Fill(Fill.Kind.FILE, 0, 0, 0, data);
    return add(
        new ArgumentSpec(Argument.Kind.BUFFER, type, name, Integer.toString(count), null, fill));
  }

  /// The next argument: a buffer of zeros.
  ///
  /// @param size formula of its elements
  public KernelProblem output(String name, ElementType type, String size) {
    return add(new ArgumentSpec(Argument.Kind.BUFFER, type, name, size, null, Fill.ZEROS));
  }

  /// The next argument: a number.
  ///
  /// @param value formula
  public KernelProblem scalar(String name, ElementType type, String value) {
    return add(new ArgumentSpec(Argument.Kind.SCALAR, type, name, null, value, Fill.ZEROS));
  }

  private KernelProblem add(ArgumentSpec argument) {
    if (arguments.stream().anyMatch(other -> other.name().equals(argument.name()))) {
      throw new Problem("Two arguments have the same name.", argument.name(), "Rename one.");
    }
    arguments.add(argument);
    return this;
  }

  /// @param threads formulas of a block's threads along x, y, z
  /// @param blocks formulas of the grid's blocks along x, y, z
  public KernelProblem launch(List<String> threads, List<String> blocks) {
    if (threads.isEmpty() || threads.size() > 3 || threads.size() != blocks.size()) {
      throw new Problem(
          "Grid and block have one to three dimensions, as many of both.",
          "block " + threads + ", grid " + blocks,
          "Give 1 where there is nothing along a dimension.");
    }
    block = List.copyOf(threads);
    grid = List.copyOf(blocks);
    return this;
  }

  /// What a buffer must hold in the end.
  ///
  /// @param tolerance relative to the element, or to the root mean square of all
  public KernelProblem expect(String name, float[] values, double tolerance) {
    return expect(name, ElementType.FLOAT, MemorySegment.ofArray(values), tolerance);
  }

  public KernelProblem expect(String name, double[] values, double tolerance) {
    return expect(name, ElementType.DOUBLE, MemorySegment.ofArray(values), tolerance);
  }

  /// Exactly.
  public KernelProblem expect(String name, int[] values) {
    return expect(name, ElementType.INT, MemorySegment.ofArray(values), 0);
  }

  private KernelProblem expect(
      String name, ElementType type, MemorySegment values, double tolerance) {
    if (!(tolerance >= 0 && tolerance < 1)) {
      throw new Problem(
          "A tolerance is relative: from 0 to below 1.", "tolerance " + tolerance, "Give 1e-4.");
    }
    Npy.write(directory.resolve("expected.npy"), type, values);
    verify =
        new VerifySpec(
            null, function, List.of(), List.of(), null, "expected.npy", List.of(), name, tolerance);
    return this;
  }

  /// Another value, which an objective may name.
  ///
  /// @param formula of parameters, constants, `time_ms` and `compile_ms`
  public KernelProblem metric(String name, String formula) {
    metrics.put(name, formula);
    return this;
  }

  public KernelProblem measure(Measurement how) {
    measurement = how;
    return this;
  }

  /// Of compiling, and of everything after it.
  public KernelProblem timeout(Duration limit) {
    timeout = limit;
    return this;
  }

  /// Runs trials of a study until the budget is used.
  ///
  /// @throws Problem where something is missing or wrong, or there is no device
  public Result<Configuration> tune(Study<Configuration> study, Budget budget) {
    if (verify == null) {
      throw new Problem(
          "Nothing says what is right, and a wrong kernel is often the fastest.",
          function,
          "Call expect with what a buffer must hold in the end.");
    }
    if (block.isEmpty()) {
      throw new Problem("The kernel has no launch.", function, "Call launch with block and grid.");
    }
    var settings =
        new KernelSettings(
            file,
            function,
            backend,
            "",
            Define.ALL,
            constants,
            List.of(),
            List.of(),
            arguments,
            block,
            grid,
            null,
            verify,
            measurement,
            Map.of(),
            timeout,
            metrics);
    return new KernelRunner(settings, study.objectives(), directory, study.space())
        .run(study, budget, 1);
  }

  @Override
  public void close() {
    try (var files = Files.list(directory)) {
      for (var each : files.toList()) {
        Files.delete(each);
      }
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
