package dev.assay.pruner;

import dev.assay.internal.pruner.AshaPruner;
import dev.assay.internal.pruner.ForecastPruner;
import dev.assay.internal.pruner.HyperbandPruner;
import dev.assay.internal.pruner.KnownPruners;
import dev.assay.internal.pruner.MedianPruner;
import dev.assay.internal.pruner.PatientPruner;
import dev.assay.internal.pruner.PercentilePruner;
import dev.assay.internal.pruner.RacePruner;
import dev.assay.internal.pruner.Schedule;
import dev.assay.internal.pruner.SuccessiveHalvingPruner;
import dev.assay.internal.pruner.ThresholdPruner;
import dev.assay.internal.pruner.WilcoxonPruner;
import dev.assay.internal.trial.Registry;
import dev.assay.problem.Problem;
import dev.assay.trial.Pruner;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The pruners, for Java code by method and for study files by name.
public final class Pruners {
  private Pruners() {}

  /// Nothing is stopped early.
  public static Pruner none() {
    return Pruner.NONE;
  }

  /// The median rule, after five completed trials.
  public static Pruner median() {
    return new MedianPruner();
  }

  /// The percentile rule, after five completed trials.
  ///
  /// @param percentile how large a part of the trials goes on, in percent
  public static Pruner percentile(double percentile) {
    return new PercentilePruner(percentile, 5, Schedule.ALWAYS);
  }

  /// Stops trials that do not improve for so many reports.
  public static Pruner patient(int patience) {
    return new PatientPruner(null, patience, 0);
  }

  /// Lets `pruner` stop only trials that do not improve for so many reports.
  public static Pruner patient(Pruner pruner, int patience) {
    return new PatientPruner(pruner, patience, 0);
  }

  /// Stops trials whose value leaves an interval.
  public static Pruner threshold(double lower, double upper) {
    return new ThresholdPruner(lower, upper, Schedule.ALWAYS);
  }

  /// Wilcoxon's signed-rank test against the best trial.
  public static Pruner wilcoxon(double p) {
    return new WilcoxonPruner(p, 2);
  }

  /// A race of each trial's runs against the best trial's: ends those that are worse by two
  /// standard errors.
  public static Pruner race() {
    return new RacePruner();
  }

  /// Successive halving from step `min` by `factor`.
  public static Pruner successiveHalving(int min, int factor) {
    return new SuccessiveHalvingPruner(min, factor, 0, 0);
  }

  /// Asynchronous successive halving from step `min` by `factor`; trials end at `max`.
  public static Pruner asha(int min, int max, int factor) {
    return new AshaPruner(min, max, factor);
  }

  /// Hyperband; trials end at `max`.
  public static Pruner hyperband(int min, int max, int factor) {
    return new HyperbandPruner(min, max, factor);
  }

  /// Stops trials of so many `steps` whose curves are unlikely to end better than the best.
  public static Pruner forecast(int steps) {
    return new ForecastPruner(steps, ForecastPruner.CHANCE, ForecastPruner.STARTUP);
  }

  /// The names of Assay's own; [#create] knows services of third parties too.
  public static List<String> names() {
    return KnownPruners.REGISTRY.names();
  }

  /// All pruners that can be named, with those of third parties ([dev.assay.trial.PrunerProvider]).
  public static Registry<Pruner> registry() {
    return KnownPruners.REGISTRY;
  }

  /// The pruner of a study file.
  ///
  /// @param options JSON values, by name; those that are not given have their defaults
  /// @throws Problem for an unknown name or option, a wrong type, a value out of range, or a
  ///   service that fails
  public static Pruner create(String name, Map<String, ? extends @Nullable Object> options) {
    return KnownPruners.REGISTRY.create(name, options);
  }
}
