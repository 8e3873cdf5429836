package dev.assay.run.command;

import dev.assay.internal.sampler.cost.LogModel;
import dev.assay.internal.sampler.cost.SizeFeatures;
import dev.assay.internal.words.Log;
import dev.assay.run.gpu.GpuDemand;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Cause;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// How much GPU memory a trial will need, learnt from what others were seen to use: by its sizes
/// ([LogModel]), an upper quantile. As long as few were, each has its GPU to itself; likewise what
/// no GPU is expected to have room for, which then shows whether that is true.
final class GpuMemory {
  /// The attribute of a trial, or the metric that its program reports, with the most bytes that it
  /// used on any GPU.
  static final String BYTES = "gpu_bytes";

  private static final Logger LOG = Log.of(GpuMemory.class);

  /// Standard deviations of the upper quantile.
  private static final double UPPER = 2;

  /// What is added to the most that was seen, where sizes have no say.
  private static final double SPARE = 1.1;

  /// Measured trials before anything is predicted.
  private static final int FEWEST = 5;

  private final SizeFeatures features;
  private final List<double[]> points = new ArrayList<>();
  private final List<Double> amounts = new ArrayList<>();
  private int unmeasured;

  /// Of the first so many amounts; null where nothing speaks for sizes having a say.
  private @Nullable LogModel model;

  private int learnt;

  /// @param trials that ran before
  GpuMemory(SearchSpace space, List<Objective> objectives, List<TrialRecord> trials) {
    features = new SizeFeatures(space);
    for (var trial : trials) {
      var bytes = trial.metric(BYTES, objectives);
      if (bytes != null && trial.cause() != Cause.OUT_OF_MEMORY) {
        add(trial.configuration(), bytes);
      }
    }
  }

  private void add(Configuration configuration, double bytes) {
    if (bytes > 0 && Double.isFinite(bytes)) {
      points.add(features.of(configuration));
      amounts.add(bytes);
    }
  }

  /// Takes note of what a trial used that had enough.
  ///
  /// @param bytes 0 where nobody saw it
  synchronized void note(Configuration configuration, double bytes) {
    add(configuration, bytes);
    if (!(bytes > 0) && ++unmeasured == FEWEST && amounts.isEmpty()) {
      LOG.warn(
          "Nobody says how much GPU memory trials use, so each has a GPU to itself: let the program"
              + " report the metric {}, or say memory: 8GiB.",
          BYTES);
    }
  }

  /// What a trial is to lease.
  ///
  /// @param demand that leaves the memory open
  /// @param largestBytes what the largest GPU has; 0: not known
  synchronized GpuDemand demand(GpuDemand demand, Configuration configuration, long largestBytes) {
    if (demand.gpus() == 0) {
      return demand;
    }
    if (amounts.size() < FEWEST) {
      return demand.alone();
    }
    if (learnt != amounts.size()) { // whoever waits asks again and again
      model = LogModel.of(points, amounts);
      learnt = amounts.size();
    }
    double bytes = SPARE * amounts.stream().mapToDouble(b -> b).max().orElse(0);
    if (model != null) {
      var point = features.of(configuration);
      bytes = Math.exp(model.log(point) + UPPER * model.deviation(point));
    }
    return bytes > (largestBytes == 0 ? Double.MAX_VALUE : largestBytes)
        ? demand.alone()
        : demand.needing((long) bytes);
  }

  /// How many trials were measured.
  synchronized int measured() {
    return amounts.size();
  }

  static String words(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / 0x1p30);
  }
}
