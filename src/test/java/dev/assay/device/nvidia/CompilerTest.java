package dev.assay.device.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.kernel.Invalidity;
import dev.assay.kernel.KernelFailure;
import dev.assay.kernel.KernelSource;
import dev.assay.kernel.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// CUDA C++ through NVRTC's functions: on a library of tests, and on NVRTC itself where it is.
class CompilerTest {
  private static final String PROPERTY = "assay.nvrtc.library";

  @TempDir private static Path directory;

  @AfterEach
  void forget() {
    System.clearProperty(PROPERTY);
  }

  /// The library of tests.
  private static NativeLibrary built() throws IOException, InterruptedException {
    var library = directory.resolve("libnvrtc.so");
    if (!Files.exists(library)) {
      var source = directory.resolve("nvrtc.c");
      try (var in = CompilerTest.class.getResourceAsStream("nvrtc.c")) {
        Files.copy(Objects.requireNonNull(in), source);
      }
      try {
        var process =
            new ProcessBuilder(
                    "gcc", "-shared", "-fPIC", "-o", library.toString(), source.toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
      } catch (IOException e) {
        assumeTrue(false, "gcc is not installed: NVRTC's double cannot be built");
      }
    }
    System.setProperty(PROPERTY, library.toString());
    return NativeLibrary.find(List.of(library.toString())).orElseThrow();
  }

  private static KernelSource source(String text) {
    return new KernelSource(
        "/work files/gemm.cu", text, "gemm", Map.of("tile", "8"), List.of("--use_fast_math"));
  }

  @Test
  void theLibraryIsGivenTheSourceBehindItsMacrosAndTheOptions()
      throws IOException, InterruptedException, KernelFailure {
    var library = built();
    var ptx = new Compiler().ptx(source("//PTX .version 9.0\n//PTX .target sm_90\n"), 90);
    assertThat(ptx)
        .isEqualTo(
            """
            // /work files/gemm.cu
            // -I/work files
            // --use_fast_math
            // --gpu-architecture=compute_90
            // #define tile 8
            .version 9.0
            .target sm_90
            """);
    assertThat(library.code("double_programs")).isZero();
  }

  @Test
  void whatDoesNotCompileIsAFailureInTheLibrarysWords() throws IOException, InterruptedException {
    var library = built();
    assertThatThrownBy(() -> new Compiler().ptx(source("#error\n"), 90))
        .isInstanceOfSatisfying(
            KernelFailure.class,
            failure -> {
              assertThat(failure.invalidity()).isEqualTo(Invalidity.COMPILE);
              assertThat(failure.detail())
                  .isEqualTo("/work files/gemm.cu(1): error: #error directive");
            });
    assertThat(library.code("double_programs")).isZero();
  }

  /// Of CUDA 13, or of 12.
  @Test
  void nvrtcItselfCompilesTheExampleForTheArchitecture() throws IOException, KernelFailure {
    var names = List.of("libnvrtc.so", "libnvrtc.so.13", "libnvrtc.so.12");
    assumeTrue(NativeLibrary.find(names).isPresent(), "libnvrtc is not installed");
    var file = Path.of("../examples/kernels/reduction.cu").toAbsolutePath();
    var macros = Map.of("n", "4096", "block_x", "64", "tile", "4", "vector", "2");
    var text = Files.readString(file);
    var compiler = new Compiler();
    var ptx =
        compiler.ptx(new KernelSource(file.toString(), text, "reduction", macros, List.of()), 80);
    assertThat(ptx).contains(".target sm_80");
    assertThat(Entry.find(ptx, "reduction")).hasValue(new Entry("reduction", List.of(8, 8)));
    assertThatThrownBy(() ->
            compiler.ptx(new KernelSource(file.toString(), "int f(\n", "f", macros, List.of()), 80))
        .hasMessageContaining("reduction.cu");
  }
}
