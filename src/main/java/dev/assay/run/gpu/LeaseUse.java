package dev.assay.run.gpu;

/// The memory that a trial was seen to use on the GPUs that it leased, sampled while it runs.
public final class LeaseUse {
  private volatile long root;
  private volatile long peakBytes;

  /// The process that everything of the trial descends from.
  public void runs(long pid) {
    root = pid;
  }

  /// The most on any of its GPUs; 0 where nothing was seen.
  public long peakBytes() {
    return peakBytes;
  }

  /// Takes note of a GPU's occupants.
  void saw(Iterable<GpuMonitor.Occupant> occupants) {
    long bytes = 0;
    for (var occupant : occupants) {
      bytes += owns(occupant.pid()) ? occupant.bytes() : 0;
    }
    peakBytes = Math.max(peakBytes, bytes);
  }

  private boolean owns(long pid) {
    long top = root;
    return top != 0 && descends(pid, top);
  }

  /// Whether a process is another one, or a process that descends from it.
  static boolean descends(long pid, long ancestor) {
    if (pid == ancestor) { // also one that has ended by now
      return true;
    }
    var process = ProcessHandle.of(pid);
    while (process.isPresent()) {
      if (process.get().pid() == ancestor) {
        return true;
      }
      process = process.get().parent();
    }
    return false;
  }
}
