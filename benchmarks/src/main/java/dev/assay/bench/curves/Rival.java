package dev.assay.bench.curves;

import dev.assay.internal.sampler.curves.FreezeThawSampler;
import dev.assay.pruner.Pruners;
import dev.assay.run.table.TableRunner;
import dev.assay.sampler.Samplers;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Pruner;
import dev.assay.trial.Sampler;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.LongFunction;

/// A way to search recorded curves.
///
/// @param label what tables and results call it
/// @param sampler for curves that have so many steps at most
/// @param pruner likewise
record Rival(
    String label, BiFunction<SearchSpace, Long, Sampler> sampler, LongFunction<Pruner> pruner) {
  static final String RANDOM = "random";
  static final String ASHA = "tpe + asha";
  static final String HYPERBAND = "hyperband";

  /// What tables call the parameter that is the length of a training.
  private static final String LENGTH = "epochs";

  /// Rungs by thirds, the first one step or a 27th of the whole.
  private static final int FACTOR = 3;

  private static final int LEAST_SHARE = 27;

  static List<Rival> all() {
    return List.of(
        new Rival("freeze_thaw", Rival::freezeThaw, _ -> Pruners.none()),
        new Rival("freeze_thaw whole + asha", Rival::whole, Rival::asha),
        new Rival("freeze_thaw whole + forecast", Rival::whole, Rival::forecast),
        new Rival("tpe + forecast", (_, _) -> Samplers.tpe(), Rival::forecast),
        new Rival(RANDOM, (_, _) -> Samplers.random(), _ -> Pruners.none()),
        new Rival("tpe", (_, _) -> Samplers.tpe(), _ -> Pruners.none()),
        new Rival(ASHA, (_, _) -> Samplers.tpe(), Rival::asha),
        new Rival(HYPERBAND, (_, _) -> Samplers.random(), Rival::hyperband),
        new Rival("tpe + hyperband", (_, _) -> Samplers.tpe(), Rival::hyperband),
        new Rival("gp + asha", (_, _) -> Samplers.gp(), Rival::asha),
        new Rival("gp + hyperband", (_, _) -> Samplers.gp(), Rival::hyperband),
        new Rival("freeze_thaw whole + hyperband", Rival::whole, Rival::hyperband));
  }

  /// As a study file would say it: where a parameter is the length of a training, it is named.
  private static Sampler freezeThaw(SearchSpace space, long steps) {
    var usual =
        new FreezeThawSampler().withSteps(Math.toIntExact(steps)).withCost(TableRunner.COST);
    return space.has(LENGTH) ? usual.withStepsFrom(LENGTH) : usual;
  }

  /// Without checkpoints.
  private static Sampler whole(SearchSpace space, long steps) {
    return new FreezeThawSampler().withSteps(Math.toIntExact(steps)).withResume(false);
  }

  private static Pruner forecast(long steps) {
    return Pruners.forecast(Math.toIntExact(steps));
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
