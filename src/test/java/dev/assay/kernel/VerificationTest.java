package dev.assay.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// References that are right, and ones that are wrong themselves.
class VerificationTest {
  private static final int N = 100;

  @TempDir private Path directory;

  private final AtomicInteger runs = new AtomicInteger();

  private final PretendedDevice device =
      new PretendedDevice(
          Map.of(
              "square", (in, out, i) -> out.set(i, in.get(i) * in.get(i) + 2),
              "nothing", (_, _, _) -> {},
              "before", (_, out, i) -> out.set(i - 1, 2),
              "behind", (_, out, i) -> out.set(i + 1, 2),
              "no_number", (in, out, i) -> out.set(i, (float) Math.sqrt(-1 - in.get(i))),
              "uncertain", (_, out, _) -> out.set(0, runs.incrementAndGet()),
              "refused",
                  (_, _, _) -> {
                    throw new KernelFailure(Invalidity.RUNTIME, "too many threads");
                  }));

  private static List<Argument> arguments() {
    var iota = new Fill(Fill.Kind.IOTA, 0, 0, 0, "");
    return List.of(
        new Argument(Argument.Kind.BUFFER, ElementType.FLOAT, "in", N, 0, iota),
        new Argument(Argument.Kind.BUFFER, ElementType.FLOAT, "out", N, 0, Fill.ZEROS));
  }

  /// Compares what `square` leaves.
  private void verify(Job.Verify verify) throws KernelFailure {
    var verification = Verification.of(device, arguments(), directory, verify);
    var source = new KernelSource("k.cl", "", "square", Map.of(), List.of());
    try (var workspace = new Workspace(device, arguments(), directory);
        var module = device.compile(source)) {
      module.bind(workspace.bound());
      workspace.reset();
      module.run(new Launch(List.of((long) N), List.of(1L), 0));
      verification.check(workspace, "");
    }
  }

  private static Job.Verify kernel(String function) {
    return new Job.Verify(
        new KernelSource("k.cl", "", function, Map.of(), List.of()),
        new Launch(List.of((long) N), List.of(1L), 0),
        null,
        List.of(),
        "",
        1e-6);
  }

  private static Job.Verify file(String file) {
    return new Job.Verify(null, null, file, List.of(), "", 1e-6);
  }

  private static Job.Verify command(String shell) {
    return new Job.Verify(null, null, null, List.of("sh", "-c", shell), "", 1e-6);
  }

  private void write(String file, float[] values) {
    Npy.write(directory.resolve(file), ElementType.FLOAT, MemorySegment.ofArray(values));
  }

  @ParameterizedTest
  @CsvSource({
    "nothing, it changes no buffer",
    "before, 1 bytes before the beginning of the buffer out",
    "behind, 0 bytes behind the end of the buffer out",
    "no_number, out[0] is NaN",
    "uncertain, two runs of it leave different values in out",
    "refused, too many threads",
    "missing, there is no kernel missing"
  })
  void aKernelThatIsWrongItselfIsRefused(String function, String reason) {
    assertThatThrownBy(() -> verify(kernel(function)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("reference is wrong itself")
        .hasMessageContaining(reason);
  }

  @Test
  void kernelsFilesAndProgramsAreReferences() throws KernelFailure {
    verify(kernel("square"));
    var squares = new float[N];
    for (int i = 0; i < N; i++) {
      squares[i] = (float) i * i + 2;
    }
    write("squares.npy", squares);
    verify(file("squares.npy"));
    verify(command("cp squares.npy $ASSAY_KERNEL_DATA/out.expected.npy"));
    squares[7] += 1;
    write("squares.npy", squares);
    assertThatThrownBy(() -> verify(file("squares.npy")))
        .isInstanceOfSatisfying(
            KernelFailure.class,
            failure ->
                assertThat(failure.detail()).contains("1 of 100 elements", "at 7", "in out"));
  }

  /// What a reference leaves in memory may be what the next buffer holds.
  @Test
  void aReferenceLeavesNoAnswerInMemory() throws KernelFailure {
    var _ = Verification.of(device, arguments(), directory, kernel("square"));
    assertThat(device.memories).hasSize(2);
    assertThat(device.memories.get(1).get(3)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0, doing nothing is right", "NaN, out[0] is NaN"})
  void filesThatSayNothingAreRefused(float value, String reason) {
    var all = new float[N];
    Arrays.fill(all, value);
    write("all.npy", all);
    for (var verify :
        List.of(file("all.npy"), command("cp all.npy $ASSAY_KERNEL_DATA/out.expected.npy"))) {
      assertThatThrownBy(() -> verify(verify))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("reference is wrong itself")
          .hasMessageContaining(reason);
    }
  }

  @Test
  void filesOfAnotherShapeAndProgramsThatFailAreRefused() throws IOException {
    write("few.npy", new float[N - 1]);
    assertThatThrownBy(() -> verify(file("few.npy"))).hasMessageContaining("another number");
    Files.writeString(directory.resolve("text.npy"), "no array");
    assertThatThrownBy(() -> verify(file("text.npy"))).hasMessageContaining("NumPy's mark");
    assertThatThrownBy(() -> verify(file("missing.npy"))).hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> verify(command("echo no; exit 3")))
        .hasMessageContaining("exit code 3, no");
    assertThatThrownBy(() -> verify(command("true"))).hasMessageContaining("wrote nothing");
  }
}
