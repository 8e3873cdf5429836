package dev.assay.run.gpu;

import dev.assay.internal.problem.Require;
import dev.assay.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which GPUs of this machine trials may lease: of those that CUDA_VISIBLE_DEVICES leaves to this
/// process, those that are asked for.
///
/// @param memoryBytes that each has; 0: as the driver says
public record GpuResources(Request request, long memoryBytes) {
  /// What the driver says, within CUDA_VISIBLE_DEVICES of this process.
  public static final GpuResources UNSAID = new GpuResources(new Request.All(), 0);

  /// What is asked for.
  public sealed interface Request {
    /// All that there are.
    record All() implements Request {}

    /// The first ones.
    ///
    /// @param count 1 or more
    record First(int count) implements Request {
      public First {
        Require.atLeast("resources", "gpus", count, 1);
      }
    }

    /// These.
    ///
    /// @param names as in CUDA_VISIBLE_DEVICES, at least one
    record Named(List<String> names) implements Request {
      public Named {
        names = List.copyOf(names);
      }
    }
  }

  public GpuResources {
    Require.atLeast("resources", "memory bytes", memoryBytes, 0);
  }

  /// The first `count` GPUs.
  public static GpuResources first(int count, long memoryBytes) {
    return new GpuResources(new Request.First(count), memoryBytes);
  }

  /// These GPUs.
  ///
  /// @param names indices, `GPU-...` or `MIG-...`
  public static GpuResources named(List<String> names, long memoryBytes) {
    return new GpuResources(new Request.Named(names), memoryBytes);
  }

  /// The lease table.
  ///
  /// @throws Problem when nothing says which GPUs there are, or there are not those that are asked
  ///   for
  public GpuLeases open() {
    return open(NvmlMonitor.open(), System.getenv());
  }

  /// The same over any driver and environment.
  GpuLeases open(Optional<GpuMonitor> driver, Map<String, String> environment) {
    try {
      var choice = new GpuChoice(driver.map(GpuMonitor::gpus).orElse(null), environment);
      var gpus = choice.of(request);
      return new GpuLeases(
          driver.orElseGet(() -> GpuMonitor.declared(gpus)),
          memoryBytes == 0 ? gpus : gpus.stream().map(gpu -> gpu.with(memoryBytes)).toList(),
          choice.order(),
          GpuResources::isOwn);
    } catch (Problem problem) {
      driver.ifPresent(GpuMonitor::close);
      throw problem;
    }
  }

  /// Whether a process is one that this process's trials started.
  private static boolean isOwn(long pid) {
    return LeaseUse.descends(pid, ProcessHandle.current().pid());
  }
}
