package dev.assay.kernel;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the buffers should hold after a kernel ran, and whether they do.
///
/// A reference is tried before it is believed: it has to change something, twice alike, to leave
/// the guards alone and to give numbers.
final class Verification {
  private final double tolerance;

  /// By argument; null for what is not compared.
  private final List<@Nullable HostArray> expected;

  private Verification(List<@Nullable HostArray> expected, double tolerance) {
    this.expected = expected;
    this.tolerance = tolerance;
  }

  /// @throws Problem for a reference that is wrong itself
  static Verification of(
      KernelDevice device, List<Argument> arguments, Path directory, Job.Verify verify)
      throws KernelFailure {
    var kernel = verify.kernel();
    var launch = verify.launch();
    if (kernel != null && launch != null) {
      return new Verification(
          byKernel(device, arguments, directory, kernel, launch), verify.tolerance());
    }
    var file = verify.file();
    var expected =
        file != null
            ? byFile(arguments, directory.resolve(file), verify.argument())
            : byCommand(arguments, directory, verify.command());
    var reference = file != null ? file : String.join(" ", verify.command());
    return new Verification(
        required(reference, expected, arguments, directory), verify.tolerance());
  }

  private static List<@Nullable HostArray> byKernel(
      KernelDevice device,
      List<Argument> arguments,
      Path directory,
      KernelSource kernel,
      Launch launch)
      throws KernelFailure {
    try (var workspace = new Workspace(device, arguments, directory);
        var module = compiled(device, kernel)) {
      var first = run(workspace, module, kernel, launch);
      var second = run(workspace, module, kernel, launch);
      workspace.reset(); // no kernel is to find the answer in memory that it is given
      boolean changed = false;
      for (int i = 0; i < first.size(); i++) {
        if (first.get(i) instanceof HostArray a
            && second.get(i) instanceof HostArray b
            && workspace.initial(i) instanceof HostArray before) {
          if (!a.sameBytes(b)) {
            throw fault(kernel, "two runs of it leave different values in " + name(arguments, i));
          }
          changed |= !a.sameBytes(before);
          requireNumbers(words(kernel), a, name(arguments, i));
        }
      }
      if (!changed) {
        throw fault(kernel, "it changes no buffer, so every kernel would be right");
      }
      return first;
    }
  }

  private static KernelModule compiled(KernelDevice device, KernelSource kernel) {
    try {
      return device.compile(kernel);
    } catch (KernelFailure e) {
      throw fault(kernel, e.detail());
    }
  }

  private static List<@Nullable HostArray> run(
      Workspace workspace, KernelModule module, KernelSource kernel, Launch launch) {
    workspace.reset();
    try {
      module.bind(workspace.bound());
      module.run(launch);
    } catch (KernelFailure e) {
      throw fault(kernel, e.detail());
    }
    var trespass = workspace.trespass();
    if (trespass != null) {
      throw fault(kernel, trespass);
    }
    return workspace.read();
  }

  private static void requireNumbers(String reference, HostArray array, String name) {
    if (!array.type().isFloating()) {
      return;
    }
    for (long i = 0; i < array.count(); i++) {
      if (!Double.isFinite(array.get(i))) {
        throw fault(reference, name + "[" + i + "] is " + array.get(i));
      }
    }
  }

  private static String words(KernelSource kernel) {
    return kernel.file() + ", " + kernel.function();
  }

  private static Problem fault(KernelSource kernel, String reason) {
    return fault(words(kernel), reason);
  }

  private static Problem fault(String reference, String reason) {
    return new Problem(
        "The reference is wrong itself, so nothing can be verified by it.",
        reference + ": " + reason,
        "Correct the reference, and where it is a kernel its block and its grid.");
  }

  /// Refuses answers that say nothing: no numbers, or what the buffers hold anyway.
  private static List<@Nullable HostArray> required(
      String reference,
      List<@Nullable HostArray> expected,
      List<Argument> arguments,
      Path directory) {
    boolean changes = false;
    for (int i = 0; i < expected.size(); i++) {
      if (expected.get(i) instanceof HostArray array) {
        requireNumbers(reference, array, name(arguments, i));
        changes |= !array.sameBytes(HostArray.filled(arguments.get(i), directory));
      }
    }
    if (!changes) {
      throw fault(reference, "it has what the buffers hold at first, so doing nothing is right");
    }
    return expected;
  }

  private static String name(List<Argument> arguments, int index) {
    return arguments.get(index).name();
  }

  private static List<@Nullable HostArray> byFile(
      List<Argument> arguments, Path file, String argument) {
    int compared = -1;
    for (int i = 0; i < arguments.size(); i++) {
      boolean buffer = arguments.get(i).kind() == Argument.Kind.BUFFER;
      if (buffer && (argument.isEmpty() || arguments.get(i).name().equals(argument))) {
        compared = i;
      }
    }
    var expected = new ArrayList<@Nullable HostArray>();
    for (int i = 0; i < arguments.size(); i++) {
      var own = arguments.get(i);
      expected.add(i == compared ? HostArray.read(file, own.type(), own.count()) : null);
    }
    return expected;
  }

  private static List<@Nullable HostArray> byCommand(
      List<Argument> arguments, Path directory, List<String> command) {
    Path data = null;
    try {
      data = Files.createTempDirectory("assay-kernel-");
      for (var argument : arguments) {
        if (argument.kind() == Argument.Kind.BUFFER) {
          var array = HostArray.filled(argument, directory);
          Npy.write(data.resolve(argument.name() + ".npy"), argument.type(), array.memory());
        }
      }
      runCommand(directory, command, data);
      var expected = new ArrayList<@Nullable HostArray>();
      boolean any = false;
      for (var argument : arguments) {
        var file = data.resolve(argument.name() + ".expected.npy");
        boolean there = argument.kind() == Argument.Kind.BUFFER && Files.exists(file);
        any |= there;
        expected.add(there ? HostArray.read(file, argument.type(), argument.count()) : null);
      }
      if (!any) {
        throw new Problem(
            "The command of verify wrote nothing to compare with.",
            String.join(" ", command),
            "Let it write NAME.expected.npy into the directory that ASSAY_KERNEL_DATA names.");
      }
      return expected;
    } catch (IOException e) {
      throw new Problem(
          "The command of verify cannot be run.",
          String.join(" ", command) + ": " + e.getMessage(),
          "Give a program that is there.",
          e);
    } finally {
      if (data != null) {
        delete(data);
      }
    }
  }

  private static void runCommand(Path directory, List<String> command, Path data)
      throws IOException {
    var output = data.resolve("output.txt");
    var builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .redirectOutput(output.toFile());
    builder.environment().put("ASSAY_KERNEL_DATA", data.toString());
    int code;
    try {
      code = builder.start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (code != 0) {
      var text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
      throw new Problem(
          "The command of verify failed.",
          String.join(" ", command)
              + ": exit code "
              + code
              + (text.isEmpty() ? "" : ", " + text.lines().reduce((_, last) -> last).orElse("")),
          "Let it end with 0.");
    }
  }

  private static void delete(Path data) {
    try (var files = Files.list(data)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(data);
    } catch (IOException e) {
      // A temporary directory: the system clears it away.
    }
  }

  /// @throws KernelFailure where the buffers do not hold what they should
  void check(Workspace workspace, String when) throws KernelFailure {
    var got = workspace.read();
    for (int i = 0; i < expected.size(); i++) {
      if (expected.get(i) instanceof HostArray wanted && got.get(i) instanceof HostArray found) {
        var difference = Difference.of(found, wanted, tolerance);
        if (difference != null) {
          throw new KernelFailure(
              Invalidity.CORRECTNESS,
              "wrong answer in " + name(workspace.arguments(), i) + when + ": " + difference);
        }
      }
    }
  }
}
