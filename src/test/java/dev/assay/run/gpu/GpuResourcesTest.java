package dev.assay.run.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which GPUs trials lease, by what the environment, the study file and the driver say.
class GpuResourcesTest {
  private static final long GIB = 1L << 30;

  private static Gpu card(int index, String uuid, String model) {
    return new Gpu(Integer.toString(index), index, uuid, model, 24 * GIB);
  }

  private static final List<Gpu> FOUR =
      List.of(
          card(0, "GPU-11111111-aaaa", "card"),
          card(1, "GPU-22222222-aaaa", "card"),
          card(2, "GPU-33333333-aaaa", "card"),
          card(3, "GPU-33334444-aaaa", "card"));

  private static Optional<GpuMonitor> driver(List<Gpu> gpus) {
    return Optional.of(GpuMonitor.declared(gpus));
  }

  private static Map<String, String> visible(@Nullable String value) {
    return value == null ? Map.of() : Map.of("CUDA_VISIBLE_DEVICES", value);
  }

  /// What a trial that needs `count` GPUs finds in CUDA_VISIBLE_DEVICES.
  private static String lease(
      GpuResources resources,
      Optional<GpuMonitor> driver,
      Map<String, String> environment,
      int count)
      throws InterruptedException {
    try (var leases = resources.open(driver, environment)) {
      leases.check(GpuDemand.of(count, 0));
      try (var lease = leases.acquire(GpuDemand.of(count, 0))) {
        return lease.visible();
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "2,3 | 2,3",
        "3,2 | 3,2",
        "2, 3, | 2,3",
        "` 2 ,\t3,,` | 2,3",
        "\"2,3\" | 2,3",
        "GPU-22222222-aaaa,GPU-33334444-aaaa | GPU-22222222-aaaa,GPU-33334444-aaaa",
        "GPU-2,GPU-33334 | GPU-2,GPU-33334",
        "gPU | ",
      })
  void whatTheEnvironmentNamesIsHandedOn(String value, @Nullable String expected)
      throws InterruptedException {
    for (var resources : List.of(GpuResources.UNSAID, GpuResources.first(2, 0))) {
      for (var driver : List.of(driver(FOUR), Optional.<GpuMonitor>empty())) {
        if (expected == null) {
          assertThatThrownBy(() -> lease(resources, driver, visible(value), 2))
              .isInstanceOf(Problem.class);
        } else {
          assertThat(lease(resources, driver, visible(value), 2)).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void instancesAreHandedOnOneAtATime() throws InterruptedException {
    var one = "MIG-7c1b2a3d-0000-5555-9999-0123456789ab";
    var other = "MIG-GPU-11111111-aaaa/1/0";
    var environment = visible(one + "," + other);
    try (var leases = GpuResources.UNSAID.open(driver(FOUR), environment)) {
      assertThat(leases.acquire(GpuDemand.of(1, 0)).visible()).isEqualTo(one);
      var lease = leases.acquire(GpuDemand.of(1, 0));
      assertThat(lease.visible()).isEqualTo(other);
      assertThat(lease.ids()).containsExactly(other);
      assertThat(leases.status()).contains("MIG-");
      assertThatThrownBy(() -> leases.check(GpuDemand.of(2, 0)))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("MIG");
    }
    assertThat(lease(GpuResources.named(List.of(other), 0), driver(FOUR), Map.of(), 1))
        .isEqualTo(other);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", ",", "-1", "none", "None", "NoDevFiles", "void", "\"\"", "''"})
  void noneMeansNone(String value) {
    for (var resources : List.of(GpuResources.UNSAID, GpuResources.first(1, 0))) {
      for (var driver : List.of(driver(FOUR), Optional.<GpuMonitor>empty())) {
        assertThatThrownBy(() -> resources.open(driver, visible(value)))
            .isInstanceOf(Problem.class)
            .hasMessageContaining("there are none (CUDA_VISIBLE_DEVICES=" + value + ")");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "all",
        "0;1",
        "0 1",
        "0,-1,1",
        "-1,0",
        "0,,1",
        ",1",
        "0-3",
        "0x1",
        "1.0",
        "GPU-",
        "GPU-xyz",
        "MIG-GPU-1/0",
        "cuda:0",
        "none,0",
        "99999999999",
        "\"0",
        "gpu0"
      })
  void whatIsNotUnderstoodIsAnError(String value) {
    for (var driver : List.of(driver(FOUR), Optional.<GpuMonitor>empty())) {
      assertThatThrownBy(() -> GpuResources.UNSAID.open(driver, visible(value)))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("CUDA_VISIBLE_DEVICES=" + value)
          .hasMessageContaining("Write indices, GPU-... or MIG-...");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0,0", "1,01", "GPU-1,GPU-11", "0,GPU-1111", "MIG-1234,MIG-1234"})
  void aGpuIsNamedOnce(String value) {
    assertThatThrownBy(() -> GpuResources.UNSAID.open(driver(FOUR), visible(value)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("named twice");
    assertThatThrownBy(() -> GpuResources.UNSAID.open(driver(FOUR), visible("GPU-3333")))
        .hasMessageContaining("Several GPUs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"4", "0,7", "GPU-9", "0,GPU-22222222-bbbb"})
  void theDriverKnowsWhatThereIs(String value) {
    assertThatThrownBy(() -> GpuResources.UNSAID.open(driver(FOUR), visible(value)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("no such GPU")
        .hasMessageContaining("the driver names 0 = GPU-11111111-aaaa, 1 = ");
  }

  @Test
  void moreThanThereIsIsRefused() {
    for (var driver : List.of(driver(FOUR), Optional.<GpuMonitor>empty())) {
      assertThatThrownBy(() -> GpuResources.first(3, 0).open(driver, visible("2,3")))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("resources.gpus 3, there are 2: 2, 3 (CUDA_VISIBLE_DEVICES=2,3)");
    }
    assertThatThrownBy(() -> GpuResources.first(5, 0).open(driver(FOUR), Map.of()))
        .isInstanceOf(Problem.class);
    assertThatThrownBy(() -> GpuResources.UNSAID.open(Optional.empty(), Map.of()))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("no NVIDIA driver answers");
  }

  @Test
  void theStudyFileChoosesAmongThem() throws InterruptedException {
    var ours = visible("GPU-2,3");
    var none = Optional.<GpuMonitor>empty();
    assertThat(lease(GpuResources.named(List.of("3"), 0), driver(FOUR), ours, 1)).isEqualTo("3");
    assertThat(lease(GpuResources.named(List.of("1"), 0), driver(FOUR), ours, 1)).isEqualTo("1");
    assertThat(lease(GpuResources.named(List.of("3"), 0), none, ours, 1)).isEqualTo("3");
    assertThat(lease(GpuResources.first(1, 0), none, ours, 1)).isEqualTo("GPU-2");
    assertThatThrownBy(() -> GpuResources.named(List.of("3", "0"), 0).open(driver(FOUR), ours))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("not among those of this process")
        .hasMessageContaining("resources.gpus 0, there are 2: GPU-2, 3 (");
    assertThat(lease(GpuResources.named(List.of("0", "GPU-7"), 0), none, Map.of(), 2))
        .isEqualTo("0,GPU-7");
  }

  @Test
  void theMemoryThatIsSaidCountsAndStrangersDoToo() {
    try (var leases = GpuResources.first(1, 8 * GIB).open(driver(FOUR), Map.of())) {
      assertThatThrownBy(() -> leases.check(GpuDemand.of(1, 16 * GIB))).isInstanceOf(Problem.class);
      leases.check(GpuDemand.of(1, 8 * GIB));
    }
  }

  @Test
  void indicesCountByThePciBus() throws InterruptedException {
    var unlike = driver(List.of(card(0, "GPU-1", "small"), card(1, "GPU-2", "large")));
    var fastest = new HashMap<>(visible("1"));
    fastest.put("CUDA_DEVICE_ORDER", "FASTEST_FIRST");
    assertThatThrownBy(() -> GpuResources.UNSAID.open(unlike, fastest))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("CUDA_DEVICE_ORDER=FASTEST_FIRST, CUDA_VISIBLE_DEVICES=1");
    assertThat(order(driver(FOUR), fastest)).isEqualTo("PCI_BUS_ID"); // all are alike
    assertThat(order(Optional.empty(), fastest)).isEqualTo("FASTEST_FIRST"); // as they are meant
    assertThat(order(Optional.empty(), visible("1"))).isEqualTo("PCI_BUS_ID");
    fastest.put("CUDA_VISIBLE_DEVICES", "GPU-2");
    assertThat(lease(GpuResources.UNSAID, unlike, fastest, 1)).isEqualTo("GPU-2");
  }

  private static String order(Optional<GpuMonitor> driver, Map<String, String> environment)
      throws InterruptedException {
    try (var leases = GpuResources.UNSAID.open(driver, environment)) {
      return leases.acquire(GpuDemand.of(1, 0)).order();
    }
  }
}
