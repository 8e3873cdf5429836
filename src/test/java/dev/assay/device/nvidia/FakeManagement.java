package dev.assay.device.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The NVML of `nvml.c`, built by g++.
public final class FakeManagement {
  static final String PROPERTY = "assay.nvml.library";

  private FakeManagement() {}

  /// Builds the library and lets it be used.
  ///
  /// @param directory where it goes
  public static void build(Path directory, String... options)
      throws IOException, InterruptedException {
    var source = directory.resolve("nvml.c");
    try (var in = FakeManagement.class.getResourceAsStream("nvml.c")) {
      Files.copy(Objects.requireNonNull(in), source);
    }
    var library = directory.resolve("libnvidia-ml.so.1");
    var command =
        new ArrayList<>(List.of("g++", "-xc", "-shared", "-fPIC", "-o", library.toString()));
    command.addAll(List.of(options));
    command.add(source.toString());
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    System.setProperty(PROPERTY, library.toString());
  }

  /// Takes it out of use.
  public static void forget() {
    System.clearProperty(PROPERTY);
  }
}
