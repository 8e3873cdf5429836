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
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
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
  private final String order;
  private final LongPredicate own;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Object> queue = new ArrayDeque<>();
  private final List<Slot> slots = new ArrayList<>();
  private final Thread sampler;

  /// The memory that the first in the queue waits for; 0: it does not, or for something else.
  private long wantedBytes;

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
    final List<LeaseUse> uses = new ArrayList<>();

    Slot(Gpu gpu) {
      this.gpu = gpu;
    }
  }

  /// Some GPUs in the hands of one trial.
  ///
  /// @param neighbours whether others shared a GPU with it when it began
  /// @param use what memory it was seen to use
  public record Lease(
      GpuLeases table, List<Gpu> gpus, double share, long bytes, boolean neighbours, LeaseUse use)
      implements AutoCloseable {
    /// For CUDA_VISIBLE_DEVICES.
    public String visible() {
      return gpus.stream().map(Gpu::id).collect(Collectors.joining(","));
    }

    /// The same as JSON values: numbers where they are indices.
    public List<Object> ids() {
      return gpus.stream().map(Gpu::value).toList();
    }

    /// For CUDA_DEVICE_ORDER: what the indices count in.
    public String order() {
      return table.order;
    }

    @Override
    public void close() {
      table.release(this);
    }
  }

  /// @param gpus that may be leased, the preferred ones first
  /// @param order for CUDA_DEVICE_ORDER
  /// @param own whether a process belongs to a trial of this process
  public GpuLeases(GpuMonitor monitor, List<Gpu> gpus, String order, LongPredicate own) {
    this.monitor = monitor;
    this.order = order;
    this.own = own;
    gpus.forEach(gpu -> slots.add(new Slot(gpu)));
    sampler = Thread.ofPlatform().daemon().name("assay-gpu-monitor").start(this::watch);
  }

  /// Refuses a demand that can never be met.
  public void check(GpuDemand demand) {
    long fitting =
        slots.stream()
            .filter(
                slot -> slot.gpu.totalBytes() == 0 || slot.gpu.totalBytes() >= demand.memoryBytes())
            .filter(slot -> demand.most() <= 1 || !slot.gpu.isInstance())
            .count();
    if (fitting < Math.max(1, demand.most())) {
      throw new Problem(
          slots.stream().anyMatch(slot -> slot.gpu.isInstance())
              ? "A trial needs more than there is; of MIG instances a program can use one."
              : "A trial needs more than there is of GPUs.",
          "gpus "
              + demand.most()
              + (demand.memoryBytes() > 0 ? ", memory " + gibibytes(demand.memoryBytes()) : "")
              + "; there are "
              + slots.size()
              + (slots.isEmpty() ? "" : ": " + described()),
          slots.isEmpty()
              ? "Let this process have some (CUDA_VISIBLE_DEVICES), or let trials do without: gpus:"
                  + " 0."
              : "Ask for less.");
    }
  }

  private String described() {
    return slots.stream()
        .map(slot ->
            (slot.gpu.id() + " " + slot.gpu.name()).strip()
                + (slot.gpu.totalBytes() > 0 ? " " + gibibytes(slot.gpu.totalBytes()) : ""))
        .collect(Collectors.joining(", "));
  }

  /// Waits until the demand can be met.
  public Lease acquire(GpuDemand demand) throws InterruptedException {
    return acquire(() -> demand, _ -> {});
  }

  /// The same.
  ///
  /// @param demands what is needed, asked anew whenever something changed: what is known of others
  ///   may have grown since
  /// @param lacksMemory told what is needed, once, should it wait though there is a share of a GPU,
  ///   for want of memory alone
  public Lease acquire(Supplier<GpuDemand> demands, Consumer<GpuDemand> lacksMemory)
      throws InterruptedException {
    boolean said = false;
    var ticket = new Object();
    lock.lockInterruptibly();
    try {
      queue.add(ticket);
      while (true) {
        if (queue.peekFirst() == ticket) {
          var demand = demands.get();
          var chosen = chosen(demand);
          if (chosen != null) {
            return take(demand, chosen);
          }
          if (!said && demand.memoryBytes() > 0 && chosen(demand.needing(0)) != null) {
            said = true;
            wantedBytes = demand.memoryBytes();
            lacksMemory.accept(demand);
          }
        }
        boolean _ = changed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      }
    } finally {
      wantedBytes = queue.peekFirst() == ticket ? 0 : wantedBytes;
      queue.remove(ticket);
      changed.signalAll();
      lock.unlock();
    }
  }

  /// Where the demand can be met now; null: nowhere.
  private @Nullable List<Slot> chosen(GpuDemand demand) {
    boolean whole = demand.gpus() >= 1;
    int wanted = whole ? (int) demand.gpus() : 1;
    double share = whole ? 1 : demand.gpus();
    var chosen =
        slots.stream()
            .filter(slot -> wanted == 1 || !slot.gpu.isInstance())
            .filter(slot -> slot.share + share <= 1 + ROUNDING && fits(slot, demand, whole))
            .sorted(Comparator.comparingDouble(slot -> slot.share)) // stable: the first ones first
            .limit(wanted)
            .toList();
    return chosen.size() < wanted ? null : chosen;
  }

  private Lease take(GpuDemand demand, List<Slot> chosen) {
    boolean whole = demand.gpus() >= 1;
    double share = whole ? 1 : demand.gpus();
    var use = new LeaseUse();
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
      slot.uses.add(use);
    }
    return new Lease(
        this,
        chosen.stream().map(slot -> slot.gpu).toList(),
        share,
        demand.memoryBytes(),
        neighbours,
        use);
  }

  private boolean fits(Slot slot, GpuDemand demand, boolean whole) {
    var sample = sample(slot);
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

  private GpuMonitor.@Nullable Sample sample(Slot slot) {
    return slot.gpu.index() < 0 ? null : monitor.sample(slot.gpu.index());
  }

  private void release(Lease lease) {
    lock.lock();
    try {
      long now = System.nanoTime();
      for (var slot : slots) {
        if (lease.gpus().contains(slot.gpu)) {
          slot.share = Math.max(0, slot.share - lease.share());
          slot.bytes -= lease.bytes();
          slot.uses.remove(lease.use());
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
        look();
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /// Takes note of what the driver sees now.
  void look() throws InterruptedException {
    for (var slot : slots) {
      var sample = sample(slot);
      if (sample == null) {
        continue;
      }
      lock.lockInterruptibly();
      try {
        slot.busySum += sample.busy();
        slot.busyNow = sample.busy();
        slot.samples++;
        slot.peakBytes = Math.max(slot.peakBytes, sample.usedBytes());
        slot.uses.forEach(use -> use.saw(sample.occupants()));
      } finally {
        lock.unlock();
      }
    }
  }

  /// What was seen of each GPU, as JSON values: id as it is named, index where known, name, the
  /// share of the time from the first lease to the last's end in which it was leased, and where the
  /// driver tells, mean load and peak memory.
  public List<Map<String, @Nullable Object>> usage() {
    lock.lock();
    try {
      var list = new ArrayList<Map<String, @Nullable Object>>();
      long now = System.nanoTime();
      for (var slot : slots) {
        long end = slot.leases > 0 ? now : slot.lastNanos;
        long leased = slot.leasedNanos + (slot.leases > 0 ? now - slot.leasedSince : 0);
        var map = new LinkedHashMap<String, @Nullable Object>();
        map.put("id", slot.gpu.value());
        map.put("index", slot.gpu.value() instanceof Integer index ? index : indexOf(slot.gpu));
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

  private static @Nullable Integer indexOf(Gpu gpu) {
    return gpu.index() < 0 ? null : gpu.index();
  }

  /// For people, now: `GPU 0 41 %, GPU 1 idle`.
  public String status() {
    lock.lock();
    try {
      var waits = wantedBytes == 0 ? "" : ", one waits for " + gibibytes(wantedBytes);
      return slots.stream()
          .map(slot ->
              slot.gpu.words()
                  + (slot.samples > 0
                      ? String.format(Locale.ROOT, " %.0f %%", 100 * slot.busyNow)
                      : slot.leases == 0 ? " idle" : " leased"))
          .collect(Collectors.joining(", ", "", waits));
    } finally {
      lock.unlock();
    }
  }

  /// The memory of the largest GPU that may be leased; 0 where none is known.
  public long largestBytes() {
    return slots.stream().mapToLong(slot -> slot.gpu.totalBytes()).max().orElse(0);
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
