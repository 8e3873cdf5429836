package dev.assay.device.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.assay.device.cuda.StandIn;
import dev.assay.kernel.Clocks;
import dev.assay.kernel.Invalidity;
import dev.assay.kernel.KernelFailure;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A card through NVML's functions, on a library of tests.
@Tag("standin")
class ManagementTest {
  @TempDir private Path directory;

  @BeforeAll
  static void standIn() {
    StandIn.use();
    System.setProperty(
        "assay.cuda.library", Path.of("target/standin/libcuda.so.1").toAbsolutePath().toString());
  }

  @AfterEach
  void forget() {
    FakeManagement.forget();
  }

  private String[] logging(String... more) {
    var options = new ArrayList<String>(List.of("-DLOG=\"" + directory.resolve("log") + "\""));
    options.addAll(List.of(more));
    return options.toArray(String[]::new);
  }

  @Test
  void theCardIsFoundByItsUuidAndTellsJoules() throws IOException, InterruptedException {
    FakeManagement.build(directory);
    try (var device = new NvidiaBackend().open(0)) {
      double before = device.joules().orElseThrow();
      assertThat(device.joules().orElseThrow() - before).isEqualTo(5, within(1e-9));
      assertThat(device.state()).isEmpty(); // an old driver, which tells nothing else
      assertThatThrownBy(() -> device.set(new Clocks(1410, 0, 0)))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("the driver is too old");
    }
  }

  @Test
  void withoutTheLibraryNothingIsToldAndNothingSet() {
    System.setProperty(FakeManagement.PROPERTY, "libno-such-nvml.so.1");
    try (var device = new NvidiaBackend().open(0)) {
      assertThat(device.joules()).isEmpty();
      assertThat(device.state()).isEmpty();
      assertThatThrownBy(() -> device.set(new Clocks(0, 0, 300)))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("power_w 300");
    }
  }

  @Test
  void whatSlowsItDownIsSaid() throws IOException, InterruptedException {
    FakeManagement.build(directory, logging());
    try (var device = new NvidiaBackend().open(0)) {
      assertThat(device.state())
          .containsEntry("sm_mhz", 1410)
          .containsEntry("memory_mhz", 1593)
          .containsEntry("celsius", 61)
          .containsEntry("throttled", List.of("heat, by the card", "power limit"));
    }
  }

  @Test
  void clocksAreSetAndSetFreeAgain() throws IOException, InterruptedException, KernelFailure {
    FakeManagement.build(directory, logging());
    try (var device = new NvidiaBackend().open(0)) {
      device.set(new Clocks(1410, 1593, 300));
      assertThatThrownBy(() -> device.set(new Clocks(0, 0, 900)))
          .isInstanceOfSatisfying(
              KernelFailure.class,
              failure -> assertThat(failure.invalidity()).isEqualTo(Invalidity.RUNTIME))
          .hasMessageContaining("power_w 900; it takes 200 to 700 W");
      device.release(Set.of(Clocks.GRAPHICS, Clocks.POWER));
      device.set(new Clocks(1005, 0, 0)); // too late
    }
    assertThat(directory.resolve("log"))
        .hasContent("graphics 1410\nmemory 1593\npower 300000\ngraphics 0\npower 700000\n");
  }

  @Test
  void whoMayNotSetThemIsTold() throws IOException, InterruptedException {
    FakeManagement.build(directory, logging("-DFORBIDDEN"));
    try (var device = new NvidiaBackend().open(0)) {
      assertThatThrownBy(() -> device.set(new Clocks(1410, 0, 0)))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("graphics_mhz 1410: Insufficient Permissions, NVML error 4")
          .hasMessageContaining("root");
    }
  }
}
