package dev.assay.run.gpu;

import dev.assay.problem.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Who may use which GPU. Whoever asks first is served first; shares go where least is taken.
///
/// Other people's processes are respected where the driver names them: a GPU that one of them
/// calculates on is never given away whole, and the memory that they use is not given away at all.
public final class GpuLeases implements AutoCloseable {
  private static final double ROUNDING = 1e-9;

  /// How often a waiting trial looks whether strangers have left.
  private static final long LOOK_MILLIS = 1000;

  /// Between two samples of load and memory.
  private static final long SAMPLE_MILLIS = 1000;

  private final GpuMonitor monitor;
  private final LongPredicate own;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Object> queue = new ArrayDeque<>();
  private final List<Slot> slots = new ArrayList<>();
  private final Thread sampler;

  /// One GPU with what is taken of it and what was seen of it.
  private static final class Slot {
    final Gpu gpu;
    double share;
    long bytes;
    int leases;
    long leasedSince;
    long leasedNanos;
    long firstNanos;
    long lastNanos;
    double busySum;
    int samples;
    double busyNow;
    long peakBytes;

    Slot(Gpu gpu) {
      this.gpu = gpu;
    }
  }

  /// Some GPUs in the hands of one trial.
  ///
  /// @param visible for CUDA_VISIBLE_DEVICES
  /// @param neighbours whether others shared a GPU with it when it began
  public record Lease(
      GpuLeases table, List<Integer> indices, double share, long bytes, boolean neighbours)
      implements AutoCloseable {
    public String visible() {
      return indices.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
      table.release(this);
    }
  }

  /// @param only the indices to use; empty: all
  /// @param own whether a process belongs to a trial of this process
  public GpuLeases(GpuMonitor monitor, List<Integer> only, LongPredicate own) {
    this.monitor = monitor;
    this.own = own;
    for (var gpu : monitor.gpus()) {
      if (only.isEmpty() || only.contains(gpu.index())) {
        slots.add(new Slot(gpu));
      }
    }
    sampler = Thread.ofPlatform().daemon().name("assay-gpu-monitor").start(this::watch);
  }

  /// Refuses a demand that can never be met.
  public void check(GpuDemand demand) {
    long fitting =
        slots.stream()
            .filter(
                slot -> slot.gpu.totalBytes() == 0 || slot.gpu.totalBytes() >= demand.memoryBytes())
            .count();
    if (fitting < Math.max(1, demand.most())) {
      throw new Problem(
          "A trial needs more than this machine's GPUs have.",
          "gpus "
              + demand.most()
              + (demand.memoryBytes() > 0 ? ", memory " + gibibytes(demand.memoryBytes()) : "")
              + "; there are "
              + slots.size()
              + (slots.isEmpty() ? "" : ": " + slots.getFirst().gpu),
          slots.isEmpty()
              ? "Install the NVIDIA driver, or say how many there are: resources: {gpus: 1}."
              : "Ask for less.");
    }
  }

  /// Waits until the demand can be met.
  public Lease acquire(GpuDemand demand) throws InterruptedException {
    var ticket = new Object();
    lock.lockInterruptibly();
    try {
      queue.add(ticket);
      while (true) {
        if (queue.peekFirst() == ticket) {
          var lease = place(demand);
          if (lease != null) {
            return lease;
          }
        }
        boolean _ = changed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      }
    } finally {
      queue.remove(ticket);
      changed.signalAll();
      lock.unlock();
    }
  }

  private @Nullable Lease place(GpuDemand demand) {
    boolean whole = demand.gpus() >= 1;
    int wanted = whole ? (int) demand.gpus() : 1;
    double share = whole ? 1 : demand.gpus();
    var chosen =
        slots.stream()
            .filter(slot -> slot.share + share <= 1 + ROUNDING && fits(slot, demand, whole))
            .sorted(
                Comparator.comparingDouble((Slot slot) -> slot.share)
                    .thenComparingInt(s -> s.gpu.index()))
            .limit(wanted)
            .toList();
    if (chosen.size() < wanted) {
      return null;
    }
    long now = System.nanoTime();
    boolean neighbours = chosen.stream().anyMatch(slot -> slot.leases > 0) || !whole && share < 1;
    for (var slot : chosen) {
      if (slot.leases++ == 0) {
        slot.leasedSince = now;
      }
      if (slot.firstNanos == 0) {
        slot.firstNanos = now;
      }
      slot.share += share;
      slot.bytes += demand.memoryBytes();
    }
    return new Lease(
        this,
        chosen.stream().map(slot -> slot.gpu.index()).toList(),
        share,
        demand.memoryBytes(),
        neighbours);
  }

  private boolean fits(Slot slot, GpuDemand demand, boolean whole) {
    var sample = monitor.sample(slot.gpu.index());
    long strangers = 0;
    boolean occupied = false;
    if (sample != null) {
      for (var occupant : sample.occupants()) {
        if (!own.test(occupant.pid())) {
          strangers += occupant.bytes();
          occupied = true;
        }
      }
    }
    long total = slot.gpu.totalBytes();
    boolean room =
        total == 0
            || demand.memoryBytes() == 0
            || total - strangers - slot.bytes >= demand.memoryBytes();
    return room && !(whole && occupied);
  }

  private void release(Lease lease) {
    lock.lock();
    try {
      long now = System.nanoTime();
      for (var slot : slots) {
        if (lease.indices().contains(slot.gpu.index())) {
          slot.share = Math.max(0, slot.share - lease.share());
          slot.bytes -= lease.bytes();
          slot.lastNanos = now;
          if (--slot.leases == 0) {
            slot.leasedNanos += now - slot.leasedSince;
            slot.share = 0;
          }
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(SAMPLE_MILLIS);
        for (var slot : slots) {
          var sample = monitor.sample(slot.gpu.index());
          if (sample == null) {
            continue;
          }
          lock.lockInterruptibly();
          try {
            slot.busySum += sample.busy();
            slot.busyNow = sample.busy();
            slot.samples++;
            slot.peakBytes = Math.max(slot.peakBytes, sample.usedBytes());
          } finally {
            lock.unlock();
          }
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /// What was seen of each GPU, as JSON values: index, name, the share of the time from the first
  /// lease to the last's end in which it was leased, and where the driver tells, mean load and peak
  /// memory.
  public List<Map<String, @Nullable Object>> usage() {
    lock.lock();
    try {
      var list = new ArrayList<Map<String, @Nullable Object>>();
      long now = System.nanoTime();
      for (var slot : slots) {
        long end = slot.leases > 0 ? now : slot.lastNanos;
        long leased = slot.leasedNanos + (slot.leases > 0 ? now - slot.leasedSince : 0);
        var map = new LinkedHashMap<String, @Nullable Object>();
        map.put("index", slot.gpu.index());
        map.put("name", slot.gpu.name());
        map.put("leased", end > slot.firstNanos ? (double) leased / (end - slot.firstNanos) : 0);
        map.put("busy", slot.samples == 0 ? null : (Double) (slot.busySum / slot.samples));
        map.put("peak_bytes", slot.samples == 0 ? null : (Long) slot.peakBytes);
        map.put("total_bytes", slot.gpu.totalBytes() == 0 ? null : (Long) slot.gpu.totalBytes());
        list.add(map);
      }
      return list;
    } finally {
      lock.unlock();
    }
  }

  /// For people, now: `GPU 0 41 %, GPU 1 idle`.
  public String status() {
    lock.lock();
    try {
      return slots.stream()
          .map(slot ->
              "GPU "
                  + slot.gpu.index()
                  + (slot.samples > 0
                      ? String.format(Locale.ROOT, " %.0f %%", 100 * slot.busyNow)
                      : slot.leases == 0 ? " idle" : " leased"))
          .collect(Collectors.joining(", "));
    } finally {
      lock.unlock();
    }
  }

  private static String gibibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / 0x1p30);
  }

  @Override
  public void close() {
    sampler.interrupt();
    monitor.close();
  }
}
