package dev.assay.device.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.device.cuda.StandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A card's counter of energy through NVML's functions, on a library of tests.
@Tag("standin")
class EnergyTest {
  private static final String PROPERTY = "assay.nvml.library";

  @TempDir private Path directory;

  @BeforeAll
  static void standIn() {
    StandIn.use();
    System.setProperty(
        "assay.cuda.library", Path.of("target/standin/libcuda.so.1").toAbsolutePath().toString());
  }

  @AfterEach
  void forget() {
    System.clearProperty(PROPERTY);
  }

  @Test
  void theCardIsFoundByItsUuidAndTellsJoules() throws IOException, InterruptedException {
    var source = directory.resolve("nvml.c");
    try (var in = EnergyTest.class.getResourceAsStream("nvml.c")) {
      Files.copy(Objects.requireNonNull(in), source);
    }
    var library = directory.resolve("libnvidia-ml.so.1");
    var process =
        new ProcessBuilder(
                "g++", "-xc", "-shared", "-fPIC", "-o", library.toString(), source.toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
    System.setProperty(PROPERTY, library.toString());
    try (var device = new NvidiaBackend().open(0)) {
      double before = device.joules().orElseThrow();
      assertThat(device.joules().orElseThrow() - before).isEqualTo(5, within(1e-9));
    }
  }

  @Test
  void withoutTheLibraryNothingIsTold() {
    System.setProperty(PROPERTY, "libno-such-nvml.so.1");
    try (var device = new NvidiaBackend().open(0)) {
      assertThat(device.joules()).isEmpty();
    }
  }
}
