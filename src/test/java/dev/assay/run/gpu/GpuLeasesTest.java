package dev.assay.run.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The lease table, over a scripted driver.
@Timeout(120)
class GpuLeasesTest {
  private static final long GIB = 1L << 30;

  /// Two cards of 24 GiB, on which the test says who calculates.
  private static final class ScriptedMonitor implements GpuMonitor {
    final ConcurrentHashMap<Integer, List<Occupant>> occupants = new ConcurrentHashMap<>();

    @Override
    public List<Gpu> gpus() {
      return List.of(new Gpu(0, "card", 24 * GIB), new Gpu(1, "card", 24 * GIB));
    }

    @Override
    public Sample sample(int index) {
      return new Sample(0.4, 9 * GIB, occupants.getOrDefault(index, List.of()));
    }

    @Override
    public void close() {}
  }

  private final ScriptedMonitor monitor = new ScriptedMonitor();

  private GpuLeases leases() {
    return new GpuLeases(monitor, monitor.gpus(), "PCI_BUS_ID", pid -> pid == 7);
  }

  @Test
  void wholeGpusBelongToOneTrial() throws Exception {
    try (var leases = leases()) {
      var first = leases.acquire(GpuDemand.of(1, 0));
      var second = leases.acquire(GpuDemand.of(1, 0));
      assertThat(first.visible() + second.visible()).isEqualTo("01");
      assertThat(first.neighbours()).isFalse();
      var third = waiting(leases, GpuDemand.of(1, 0));
      assertThat(third).isNotDone();
      second.close();
      assertThat(third.get(30, TimeUnit.SECONDS).visible()).isEqualTo("1");
    }
  }

  private static CompletableFuture<GpuLeases.Lease> waiting(GpuLeases leases, GpuDemand demand) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return leases.acquire(demand);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        task -> Thread.ofPlatform().daemon().start(task));
  }

  @Test
  void sharesSpreadAndThenFill() throws Exception {
    try (var leases = leases()) {
      var half = GpuDemand.of(0.5, 0);
      assertThat(
              List.of(
                  leases.acquire(half).visible(),
                  leases.acquire(half).visible(),
                  leases.acquire(half).visible(),
                  leases.acquire(half).visible()))
          .containsExactly("0", "1", "0", "1");
      assertThat(waiting(leases, half)).isNotDone();
    }
  }

  @Test
  void memoryIsGivenAwayOnce() throws Exception {
    try (var leases = leases()) {
      monitor.occupants.put(0, List.of(new GpuMonitor.Occupant(99, 20 * GIB)));
      var demand = GpuDemand.of(0.25, 8 * GIB);
      var first = leases.acquire(demand);
      assertThat(first.visible()).isEqualTo("1");
      assertThat(leases.acquire(demand).visible()).isEqualTo("1");
      assertThat(leases.acquire(demand).visible()).isEqualTo("1");
      var fourth = waiting(leases, demand);
      assertThat(fourth).isNotDone();
      first.close();
      assertThat(fourth.get(30, TimeUnit.SECONDS).visible()).isEqualTo("1");
    }
  }

  @Test
  void whereStrangersCalculateNobodyIsAlone() throws Exception {
    try (var leases = leases()) {
      monitor.occupants.put(0, List.of(new GpuMonitor.Occupant(99, GIB)));
      monitor.occupants.put(1, List.of(new GpuMonitor.Occupant(7, GIB)));
      assertThat(leases.acquire(GpuDemand.of(1, 0)).visible()).isEqualTo("1");
      var next = waiting(leases, GpuDemand.of(1, 0));
      assertThat(next).isNotDone();
      monitor.occupants.remove(0);
      assertThat(next.get(30, TimeUnit.SECONDS).visible()).isEqualTo("0");
    }
  }

  @Test
  void severalGpusComeTogether() throws Exception {
    try (var leases = leases()) {
      assertThat(leases.acquire(GpuDemand.of(2, 0)).visible()).isEqualTo("0,1");
      assertThat(leases.status()).isNotEmpty();
      assertThat(leases.usage())
          .hasSize(2)
          .allMatch(gpu -> gpu.get("leased") instanceof Double leased && leased > 0);
    }
  }

  @Test
  void whatATrialUsesIsItsOwnPeak() throws Exception {
    try (var leases = leases()) {
      var share = GpuDemand.of(0.25, 0);
      var first = leases.acquire(share);
      var other = leases.acquire(share);
      var third = leases.acquire(share);
      assertThat(List.of(first.visible(), other.visible(), third.visible()))
          .containsExactly("0", "1", "0");
      first.use().runs(71);
      third.use().runs(72);
      monitor.occupants.put(
          0,
          List.of(
              new GpuMonitor.Occupant(71, 3 * GIB),
              new GpuMonitor.Occupant(72, 5 * GIB),
              new GpuMonitor.Occupant(99, 2 * GIB)));
      leases.look();
      monitor.occupants.put(0, List.of(new GpuMonitor.Occupant(71, GIB)));
      leases.look();
      assertThat(first.use().peakBytes()).isEqualTo(3 * GIB);
      assertThat(third.use().peakBytes()).isEqualTo(5 * GIB);
      assertThat(other.use().peakBytes()).as("its process was never seen").isZero();
      first.close();
      monitor.occupants.put(0, List.of(new GpuMonitor.Occupant(71, 9 * GIB)));
      leases.look();
      assertThat(first.use().peakBytes()).as("it had ended").isEqualTo(3 * GIB);
    }
  }

  @Test
  void whoWaitsForMemoryIsTold() throws Exception {
    try (var leases = leases()) {
      var big = GpuDemand.of(0.5, 20 * GIB);
      var first = leases.acquire(big);
      var second = leases.acquire(big);
      var told = new CompletableFuture<Void>();
      var third =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return leases.acquire(() -> big, _ -> told.complete(null));
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              },
              task -> Thread.ofPlatform().daemon().start(task));
      told.get(30, TimeUnit.SECONDS);
      assertThat(leases.status()).endsWith(", one waits for 20.0 GiB");
      first.close();
      assertThat(third.get(30, TimeUnit.SECONDS).visible()).isEqualTo("0");
      assertThat(leases.status()).doesNotContain("waits");
      second.close();
    }
  }

  @Test
  void whatIsNeededMayChangeMeanwhile() throws Exception {
    try (var leases = leases()) {
      var first = leases.acquire(GpuDemand.of(0.5, 8 * GIB));
      var second = leases.acquire(GpuDemand.of(1, 0));
      var needed = new AtomicReference<>(GpuDemand.of(1, 0));
      var asked = new CountDownLatch(1);
      var third =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return leases.acquire(
                      () -> {
                        asked.countDown();
                        return needed.get();
                      },
                      _ -> {});
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              },
              task -> Thread.ofPlatform().daemon().start(task));
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(third).isNotDone();
      needed.set(GpuDemand.of(0.5, 8 * GIB));
      assertThat(third.get(30, TimeUnit.SECONDS).visible()).isEqualTo(first.visible());
      second.close();
    }
  }

  @Test
  void whoWaitsForAShareIsNotToldOfMemory() throws Exception {
    try (var leases = leases()) {
      var first = leases.acquire(GpuDemand.of(2, 0));
      var next =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return leases.acquire(
                      () -> GpuDemand.of(0.5, GIB),
                      _ -> {
                        throw new IllegalStateException("told");
                      });
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              },
              task -> Thread.ofPlatform().daemon().start(task));
      first.close();
      assertThat(next.get(30, TimeUnit.SECONDS).visible()).isEqualTo("0");
    }
  }

  @Test
  void whatCanNeverBeMetIsRefused() {
    try (var leases = leases()) {
      assertThatThrownBy(() -> leases.check(GpuDemand.of(3, 0)))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("there are 2");
      assertThatThrownBy(() -> leases.check(GpuDemand.of(1, 80 * GIB))).isInstanceOf(Problem.class);
      assertThatThrownBy(() -> GpuDemand.of(1.5, 0)).isInstanceOf(Problem.class);
      leases.check(GpuDemand.of(0.5, 8 * GIB));
    }
  }
}
