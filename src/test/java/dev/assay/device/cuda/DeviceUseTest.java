package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.assay.device.Availability;
import dev.assay.device.DeviceTooSmall;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.acquisition.LogExpectedImprovement;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.GpSession;
import dev.assay.random.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the host side does with a device: memory, threads, errors, choice. On the stand-in driver.
@Tag("standin")
class DeviceUseTest {
  private static final long MEMORY = 2L << 30;

  @BeforeEach
  void standIn() {
    StandIn.use();
  }

  @AfterEach
  void restore() {
    StandIn.call("standin_set_memory", MEMORY);
    StandIn.call("standin_set_driver_version", 12060);
    StandIn.call("standin_set_devices", 1);
  }

  private static double suggest(int n, long seed) {
    var random = new Philox(seed, 0);
    var x = random.doubles(3L * n).toArray();
    var y = random.doubles(n).toArray();
    var covariance = new RadialCovariance.Matern52();
    var theta = new double[] {0, -1, -1, -1, -6, 0};
    try (var session = new CudaGpEngine(StandIn.device()).open(Box.continuous(3))) {
      session.observe(x, new double[][] {y});
      session.condition(List.of(new GpSession.Model(covariance, theta, 0)));
      var values = new double[20];
      var at = random.doubles(60).toArray();
      session.acquisition(new LogExpectedImprovement(0, 0), at, values, new double[60]);
      return Arrays.stream(values).sum();
    }
  }

  @Test
  void memoryOfTheDeviceStaysFlatOverManySuggests() {
    suggest(20, 1);
    var memory = StandIn.device().memory();
    long held = memory.held();
    long used = StandIn.call("standin_memory_used");
    long pinned = StandIn.call("standin_pinned");
    for (int i = 0; i < 200; i++) {
      suggest(20, i);
    }
    assertThat(memory.inUse()).isZero();
    assertThat(memory.held()).isEqualTo(held);
    assertThat(StandIn.call("standin_memory_used")).isEqualTo(used);
    assertThat(StandIn.call("standin_pinned")).isEqualTo(pinned);
  }

  @Test
  void tooLittleMemoryMakesBatchesSmallerAndThenFailsWithFigures() {
    var memory = StandIn.device().memory();
    memory.trim();
    double expected = likelihoods();
    memory.trim();
    StandIn.call("standin_set_memory", StandIn.call("standin_memory_used") + 3_500_000L);
    assertThat(likelihoods()).isCloseTo(expected, within(1e-9 * Math.abs(expected)));
    memory.trim();
    StandIn.call("standin_set_memory", StandIn.call("standin_memory_used") + 50_000L);
    assertThatThrownBy(DeviceUseTest::likelihoods)
        .isInstanceOf(DeviceTooSmall.class)
        .hasMessageContaining("needs")
        .hasMessageContaining("has");
    assertThat(memory.inUse()).isZero();
  }

  /// Twelve likelihoods of 100 observations: about 3 MB in one batch, 0.3 MB one by one.
  private static double likelihoods() {
    var random = new Philox(5, 0);
    try (var session = new CudaGpEngine(StandIn.device()).open(Box.continuous(1))) {
      session.observe(
          random.doubles(100).toArray(), new double[][] {random.doubles(100).toArray()});
      var thetas = new double[12 * 4];
      for (int r = 0; r < 12; r++) {
        thetas[4 * r + 1] = -r * 0.2;
        thetas[4 * r + 2] = -4;
      }
      var values = new double[12];
      session.logLikelihood(new RadialCovariance.Matern52(), 0, thetas, values, new double[12 * 4]);
      return Arrays.stream(values).sum();
    }
  }

  /// The factor takes 0.9 MB, what its inverse is tried by 0.7 MB, to make all of its 300 rows
  /// better together 1.4 MB.
  @Test
  void anInverseIsMadeBetterByFewerRowsWhereMemoryIsShort() {
    var memory = StandIn.device().memory();
    memory.trim();
    var expected = inARow();
    memory.trim();
    StandIn.call("standin_set_memory", StandIn.call("standin_memory_used") + 2_100_000L);
    assertThat(inARow()).isEqualTo(expected);
    memory.trim();
    StandIn.call("standin_set_memory", StandIn.call("standin_memory_used") + 1_100_000L);
    assertThatThrownBy(DeviceUseTest::inARow)
        .isInstanceOf(DeviceTooSmall.class)
        .hasMessageContaining("needs")
        .hasMessageContaining("has");
    assertThat(memory.inUse()).isZero();
  }

  /// The factor and its inverse of 300 observations in a row, which is made better.
  private static double[] inARow() {
    int n = 300;
    var x = new double[n];
    Arrays.setAll(x, i -> i / (double) n);
    var theta = new double[] {0, Math.log(0.5), Math.log(1e-11), 0};
    try (var stream = StandIn.device().stream();
        var arena = StandIn.device().memory().arena()) {
      var data = new DeviceObservations(stream, arena, new boolean[1]);
      data.set(x, new double[][] {x});
      var model = new GpSession.Model(new RadialCovariance.Rbf(), theta, 0);
      var factor = new ConditionedFactor(stream, data, arena, model);
      assertThat(factor.refinements()).isPositive();
      var square = new double[n * factor.lead()];
      stream.download(factor.square(), square);
      return square;
    }
  }

  @Test
  void severalThreadsWorkSideBySide() throws Exception {
    var alone = new ArrayList<Double>();
    for (int i = 0; i < 8; i++) {
      alone.add(suggest(15, i));
    }
    var jobs = new ArrayList<Callable<Double>>();
    for (int i = 0; i < 8; i++) {
      int seed = i;
      jobs.add(() -> suggest(15, seed));
    }
    try (var pool = Executors.newFixedThreadPool(4)) {
      var results = pool.invokeAll(jobs);
      for (int i = 0; i < 8; i++) {
        assertThat(results.get(i).get()).isEqualTo(alone.get(i));
      }
    }
  }

  @Test
  void errorsNameTheCallTheKernelAndTheShapes() {
    try (var stream = StandIn.device().stream()) {
      assertThatThrownBy(() ->
              stream.launch(
                  "cholesky_small", 1, 1, 1, 1 << 20, DeviceArray.NULL, 1, 1L, 1, DeviceArray.NULL))
          .isInstanceOf(CudaFailure.class)
          .hasMessageContaining("cuLaunchKernel of cholesky_small_f64")
          .hasMessageContaining("1 x 1 x 1 blocks");
    }
  }

  @Test
  void aDeviceIsChosenByNumberOrName() {
    StandIn.device(); // natives are there
    StandIn.call("standin_set_devices", 2);
    for (var choice : new String[] {"1", "STAND-IN 1"}) {
      var availability = new CudaBackend(choice).availability();
      assertThat(availability)
          .isInstanceOfSatisfying(
              Availability.Available.class,
              a -> assertThat(a.device()).startsWith("Assay test stand-in 1"));
    }
    assertThat(new CudaBackend("Quadro").availability())
        .isInstanceOfSatisfying(
            Availability.Unavailable.class,
            u -> assertThat(u.reason()).contains("Quadro").contains("1 is Assay test stand-in 1"));
  }

  @Test
  void whatCannotBeUsedSaysWhy() {
    StandIn.device();
    StandIn.call("standin_set_driver_version", 11080);
    assertThat(reason()).contains("CUDA 11.8").contains("CUDA 12.0");
    StandIn.call("standin_set_driver_version", 12060);
    StandIn.call("standin_set_devices", 0);
    assertThat(reason()).contains("no device");
    StandIn.call("standin_set_devices", 1);
    StandIn.call("standin_set_memory", 10_000_000L);
    assertThat(reason()).contains("10 MB").contains("67 MB");
  }

  private static String reason() {
    return ((Availability.Unavailable) new CudaBackend(null).availability()).reason();
  }

  @Test
  void everySelfCheckPasses() {
    var backend = new CudaBackend(null);
    assertThat(backend.selfCheck()).hasSizeGreaterThan(10).allMatch(check -> check.passed());
  }
}
