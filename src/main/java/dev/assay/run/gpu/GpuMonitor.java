package dev.assay.run.gpu;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the driver knows of the GPUs of this machine: the port to NVML.
public interface GpuMonitor extends AutoCloseable {
  /// What one GPU does at this moment.
  ///
  /// @param busy share of the last moments in which a kernel ran, 0 to 1
  /// @param usedBytes memory in use, by whomever
  /// @param occupants processes that calculate on it
  record Sample(double busy, long usedBytes, List<Occupant> occupants) {}

  /// @param bytes memory that it uses; 0: not known
  record Occupant(long pid, long bytes) {}

  /// All of the machine, by ascending index.
  List<Gpu> gpus();

  /// @return null when it is not known
  @Nullable Sample sample(int index);

  @Override
  void close();

  /// GPUs that the study file names, of which nothing more is known.
  static GpuMonitor declared(List<Gpu> gpus) {
    var list = List.copyOf(gpus);
    return new GpuMonitor() {
      @Override
      public List<Gpu> gpus() {
        return list;
      }

      @Override
      public @Nullable Sample sample(int index) {
        return null;
      }

      @Override
      public void close() {}
    };
  }
}
