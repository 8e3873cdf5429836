package dev.assay.bench.curves;

import dev.assay.pruner.Pruners;
import dev.assay.sampler.Samplers;
import dev.assay.trial.Pruner;
import dev.assay.trial.Sampler;
import java.util.List;
import java.util.function.LongFunction;

/// A way to search recorded curves.
///
/// @param label what tables and results call it
/// @param sampler for curves that have so many steps at most
/// @param pruner likewise
record Rival(String label, LongFunction<Sampler> sampler, LongFunction<Pruner> pruner) {
  static final String RANDOM = "random";
  static final String ASHA = "tpe + asha";
  static final String HYPERBAND = "hyperband";

  /// Rungs by thirds, the first one step or a 27th of the whole.
  private static final int FACTOR = 3;

  private static final int LEAST_SHARE = 27;

  static List<Rival> all() {
    return List.of(
        new Rival(
            "freeze_thaw",
            steps -> Samplers.freezeThaw(Math.toIntExact(steps)),
            _ -> Pruners.none()),
        new Rival(RANDOM, _ -> Samplers.random(), _ -> Pruners.none()),
        new Rival("tpe", _ -> Samplers.tpe(), _ -> Pruners.none()),
        new Rival(ASHA, _ -> Samplers.tpe(), Rival::asha),
        new Rival(HYPERBAND, _ -> Samplers.random(), Rival::hyperband),
        new Rival("tpe + hyperband", _ -> Samplers.tpe(), Rival::hyperband));
  }

  private static long least(long steps) {
    return Math.max(1, steps / LEAST_SHARE);
  }

  private static Pruner asha(long steps) {
    return Pruners.asha(Math.toIntExact(least(steps)), Math.toIntExact(steps), FACTOR);
  }

  private static Pruner hyperband(long steps) {
    return Pruners.hyperband(Math.toIntExact(least(steps)), Math.toIntExact(steps), FACTOR);
  }
}
