package dev.assay.run.gpu;

import dev.assay.internal.problem.Require;
import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a trial needs of GPUs.
///
/// @param gpus whole ones, a share of one (0.5), or 0 for none
/// @param memoryBytes on each; 0: not said
/// @param learned whether that is learnt from trials that were measured
/// @param parameter whose option decides instead; null: it is the same for every trial
/// @param byOption GPUs by option of the parameter; 0 where one is not named
public record GpuDemand(
    double gpus,
    long memoryBytes,
    boolean learned,
    @Nullable String parameter,
    Map<String, Double> byOption) {
  /// Leaves GPUs alone.
  public static final GpuDemand NONE = new GpuDemand(0, 0, false, null, Map.of());

  public GpuDemand {
    byOption = Map.copyOf(byOption);
    check(gpus);
    Require.atLeast("gpus", "memory bytes", memoryBytes, 0);
    if (parameter != null) {
      Require.named("gpus", "parameter", parameter);
    }
    byOption.values().forEach(GpuDemand::check);
  }

  public static GpuDemand of(double gpus, long memoryBytes) {
    return new GpuDemand(gpus, memoryBytes, false, null, Map.of());
  }

  private static void check(double gpus) {
    if (!(gpus >= 0 && gpus <= Integer.MAX_VALUE) || gpus > 1 && gpus != Math.rint(gpus)) {
      throw new Problem(
          "A trial needs whole GPUs or a share of one.",
          "gpus " + gpus,
          "Give 0.5, 1, 2 or the like.");
    }
  }

  /// Whether any trial needs a GPU.
  public boolean any() {
    return gpus > 0 || byOption.values().stream().anyMatch(share -> share > 0);
  }

  /// The most that any trial needs.
  public double most() {
    return Math.max(gpus, byOption.values().stream().mapToDouble(g -> g).max().orElse(0));
  }

  /// What a trial with this configuration needs.
  public GpuDemand in(Configuration configuration) {
    if (parameter == null) {
      return this;
    }
    var option = String.valueOf(configuration.values().get(parameter));
    return new GpuDemand(byOption.getOrDefault(option, 0.0), memoryBytes, learned, null, Map.of());
  }

  /// The same where so much memory is needed.
  public GpuDemand needing(long bytes) {
    return new GpuDemand(gpus, bytes, learned, parameter, byOption);
  }

  /// The same, with whole GPUs that nobody else uses meanwhile.
  public GpuDemand alone() {
    return of(Math.max(1, gpus), memoryBytes);
  }
}
