package dev.assay.run.gpu;

import dev.assay.problem.Problem;
import java.util.List;
import java.util.stream.IntStream;

/// Which GPUs of this machine trials may lease.
///
/// @param indices of them; empty: all that the driver names
/// @param memoryBytes that each has; 0: as the driver says
public record GpuResources(List<Integer> indices, long memoryBytes) {
  /// What the driver says, within CUDA_VISIBLE_DEVICES of this process.
  public static final GpuResources UNSAID = new GpuResources(List.of(), 0);

  public GpuResources {
    indices = List.copyOf(indices);
  }

  /// The first `count` GPUs.
  public static GpuResources first(int count, long memoryBytes) {
    return new GpuResources(IntStream.range(0, count).boxed().toList(), memoryBytes);
  }

  /// The lease table.
  ///
  /// @throws Problem when nothing says which GPUs there are
  public GpuLeases open() {
    var driver = NvmlMonitor.open();
    var only = indices.isEmpty() ? visible() : indices;
    if (driver.isPresent()
        && memoryBytes == 0
        && driver.get().gpus().stream().map(Gpu::index).toList().containsAll(only)) {
      return new GpuLeases(driver.get(), only, GpuResources::isOwn);
    }
    driver.ifPresent(GpuMonitor::close);
    if (indices.isEmpty()) {
      throw new Problem(
          "Nothing says which GPUs there are: no NVIDIA driver answers.",
          "gpus",
          "Say how many there are: resources: {gpus: 1}. Or let trials do without: gpus: 0.");
    }
    var declared = indices.stream().map(index -> new Gpu(index, "", memoryBytes)).toList();
    return new GpuLeases(GpuMonitor.declared(declared), List.of(), GpuResources::isOwn);
  }

  /// The indices that this process itself was given; empty where nothing is said in numbers.
  private static List<Integer> visible() {
    var given = System.getenv("CUDA_VISIBLE_DEVICES");
    return given != null && given.matches("\\d+(,\\d+)*")
        ? List.of(given.split(",")).stream().map(Integer::valueOf).toList()
        : List.of();
  }

  /// Whether a process is one that this process's trials started.
  private static boolean isOwn(long pid) {
    long self = ProcessHandle.current().pid();
    var process = ProcessHandle.of(pid);
    while (process.isPresent()) {
      if (process.get().pid() == self) {
        return true;
      }
      process = process.get().parent();
    }
    return false;
  }
}
