package dev.assay.run.command;

import dev.assay.internal.words.Log;
import dev.assay.run.gpu.GpuDemand;
import dev.assay.run.gpu.GpuLeases;
import dev.assay.space.Configuration;
import dev.assay.study.Study;
import dev.assay.study.Trial;
import dev.assay.trial.Cause;
import dev.assay.trial.Objective;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The GPUs that trials of a study lease while it runs, and what is learnt of the memory that they
/// need.
final class TrialLeases {
  private static final Logger LOG = Log.of(TrialLeases.class);

  private final GpuLeases table;

  /// Null where the study file says what trials need.
  private final @Nullable GpuMemory memory;

  TrialLeases(
      GpuLeases table, GpuDemand demand, Study<Configuration> study, List<Objective> objectives) {
    this.table = table;
    memory = demand.learned() ? new GpuMemory(study.space(), objectives, study.trials()) : null;
  }

  String status() {
    return table.status();
  }

  /// Waits for what is demanded, by what other trials used where that is to be learnt.
  ///
  /// @param alone whether it is to share its GPU with nobody
  /// @return null where nothing is demanded
  GpuLeases.@Nullable Lease lease(Trial<Configuration> trial, GpuDemand demand, boolean alone)
      throws InterruptedException {
    return demand.gpus() == 0
        ? null
        : table.acquire(
            () -> alone ? demand.alone() : needing(trial, demand),
            lacking ->
                LOG.info(
                    "Trial {} waits for a GPU with {} left.",
                    trial.number(),
                    GpuMemory.words(lacking.memoryBytes())));
  }

  private GpuDemand needing(Trial<Configuration> trial, GpuDemand demand) {
    return memory == null
        ? demand
        : memory.demand(demand, trial.parameters(), table.largestBytes());
  }

  /// Keeps what a trial was seen to use, or says itself.
  ///
  /// @param failure why it failed; null: it did not
  void note(
      Trial<Configuration> trial,
      TrialValues values,
      GpuLeases.Lease lease,
      @Nullable Cause failure) {
    long seen = lease.use().peakBytes();
    if (seen > 0) {
      trial.attribute(GpuMemory.BYTES, seen);
    }
    if (memory != null && failure != Cause.OUT_OF_MEMORY) {
      double said = values.others().getOrDefault(GpuMemory.BYTES, 0.0);
      memory.note(trial.parameters(), Math.max(seen, said));
    }
  }
}
