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
    if (top == 0) {
      return false;
    }
    if (pid == top) {
      return true;
    }
    var process = ProcessHandle.of(pid);
    while (process.isPresent()) {
      if (process.get().pid() == top) {
        return true;
      }
      process = process.get().parent();
    }
    return false;
  }
}
