package dev.assay.sampler;

import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.sampler.AutoSampler;
import dev.assay.internal.sampler.cmaes.CmaEsSampler;
import dev.assay.internal.sampler.curves.FreezeThawSampler;
import dev.assay.internal.sampler.genetic.Nsga2Sampler;
import dev.assay.internal.sampler.genetic.Nsga3Sampler;
import dev.assay.internal.sampler.gp.GpSampler;
import dev.assay.internal.sampler.gp.OnEngine;
import dev.assay.internal.sampler.halving.HalvingSampler;
import dev.assay.internal.sampler.population.Exploration;
import dev.assay.internal.sampler.population.PbtSampler;
import dev.assay.internal.sampler.simple.AnnealingSampler;
import dev.assay.internal.sampler.simple.GridSampler;
import dev.assay.internal.sampler.simple.RandomSampler;
import dev.assay.internal.sampler.simple.SobolSampler;
import dev.assay.internal.sampler.tpe.TpeSampler;
import dev.assay.internal.trial.Registry;
import dev.assay.problem.Problem;
import dev.assay.trial.Options;
import dev.assay.trial.Sampler;
import dev.assay.trial.SamplerProvider;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The samplers, for Java code by method and for study files by name.
public final class Samplers {
  private static final Registry<Sampler> REGISTRY =
      new Registry<>("sampler", types(), SamplerProvider.class);

  private Samplers() {}

  /// To add a sampler: one line here, and a factory below.
  private static Map<String, Class<? extends Sampler>> types() {
    var types = new LinkedHashMap<String, Class<? extends Sampler>>();
    types.put("auto", AutoSampler.class);
    types.put("random", RandomSampler.class);
    types.put("gp", GpSampler.class);
    types.put("tpe", TpeSampler.class);
    types.put("cmaes", CmaEsSampler.class);
    types.put("nsga2", Nsga2Sampler.class);
    types.put("nsga3", Nsga3Sampler.class);
    types.put("annealing", AnnealingSampler.class);
    types.put("grid", GridSampler.class);
    types.put("sobol", SobolSampler.class);
    types.put("halving", HalvingSampler.class);
    types.put(PbtSampler.NAME, PbtSampler.class);
    types.put(FreezeThawSampler.NAME, FreezeThawSampler.class);
    return Collections.unmodifiableMap(types);
  }

  /// The sampler that a study uses when nothing is said: chooses one for the study.
  public static Sampler auto() {
    return new AutoSampler();
  }

  /// Gaussian processes, averaged over models.
  public static Sampler gp() {
    return new GpSampler();
  }

  /// Tree-structured Parzen estimator.
  public static Sampler tpe() {
    return new TpeSampler();
  }

  /// Covariance matrix adaptation.
  public static Sampler cmaes() {
    return new CmaEsSampler();
  }

  /// A genetic algorithm, for several objectives.
  public static Sampler nsga2() {
    return new Nsga2Sampler();
  }

  /// A genetic algorithm, for many objectives.
  public static Sampler nsga3() {
    return new Nsga3Sampler();
  }

  /// Shrinking steps from the best trials.
  public static Sampler annealing() {
    return new AnnealingSampler();
  }

  /// Independent draws.
  public static Sampler random() {
    return new RandomSampler();
  }

  /// A scrambled Sobol sequence.
  public static Sampler sobol() {
    return new SobolSampler();
  }

  /// Successive halving by `factor` over the parameter `resource`, of `candidates` drawn at random;
  /// 0: every configuration of a finite space.
  public static Sampler halving(String resource, int factor, int candidates) {
    return new HalvingSampler(resource, factor, candidates);
  }

  /// Population based training of `population` members, which may change places every `interval`
  /// steps, up to `steps`; 0: as many as the budget allows. Each trial is a part of a training, a
  /// [dev.assay.trial.Segment].
  public static Sampler pbt(int population, int interval, int steps) {
    return new PbtSampler(population, interval, steps, 0.25, new Exploration());
  }

  /// Freeze-thaw search: trainings of so many `steps` are paused and gone on with by what their
  /// learning curves promise. Each trial is a part of a training, a [dev.assay.trial.Segment].
  public static Sampler freezeThaw(int steps) {
    return new FreezeThawSampler().withSteps(steps);
  }

  /// Every configuration of a finite space, in order.
  public static Sampler grid() {
    return new GridSampler(List.of(), 0);
  }

  /// Every combination of the values of the countable parameters and of `points` evenly spaced
  /// values of the continuous ones.
  public static Sampler grid(int points) {
    return new GridSampler(List.of(), points);
  }

  /// The union of sub-grids, each a map from parameters to lists of values.
  public static Sampler grid(List<? extends Map<String, ? extends @Nullable Object>> subgrids) {
    return new Options("sampler grid", Map.of("values", subgrids)).read(GridSampler.class);
  }

  /// The names of Assay's own; [#create] knows services of third parties too.
  public static List<String> names() {
    return REGISTRY.names();
  }

  /// All samplers that can be named, with those of third parties ([SamplerProvider]).
  public static Registry<Sampler> registry() {
    return REGISTRY;
  }

  /// The sampler of a study file.
  ///
  /// @param options JSON values, by name; those that are not given have their defaults
  /// @throws Problem for an unknown name or option, a wrong type, a value out of range, or a
  ///   service that fails
  public static Sampler create(String name, Map<String, ? extends @Nullable Object> options) {
    return REGISTRY.create(name, options);
  }

  /// The same, where Gaussian processes are computed by an engine of choice.
  ///
  /// @throws Problem as above
  public static Sampler create(
      String name, Map<String, ? extends @Nullable Object> options, GpEngine engine) {
    var sampler = create(name, options);
    return sampler instanceof OnEngine movable ? movable.on(engine) : sampler;
  }
}
