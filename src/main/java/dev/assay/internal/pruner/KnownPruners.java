package dev.assay.internal.pruner;

import dev.assay.internal.trial.Registry;
import dev.assay.trial.Pruner;
import dev.assay.trial.PrunerProvider;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Pruners by name.
public final class KnownPruners {
  public static final Registry<Pruner> REGISTRY =
      new Registry<>("pruner", types(), PrunerProvider.class);

  private KnownPruners() {}

  /// To add a pruner: one line here, and a factory among [dev.assay.pruner.Pruners].
  private static Map<String, Class<? extends Pruner>> types() {
    var types = new LinkedHashMap<String, Class<? extends Pruner>>();
    types.put("none", Pruner.None.class);
    types.put("median", MedianPruner.class);
    types.put("percentile", PercentilePruner.class);
    types.put("patient", PatientPruner.class);
    types.put("threshold", ThresholdPruner.class);
    types.put("wilcoxon", WilcoxonPruner.class);
    types.put(RacePruner.NAME, RacePruner.class);
    types.put("successive_halving", SuccessiveHalvingPruner.class);
    types.put("asha", AshaPruner.class);
    types.put("hyperband", HyperbandPruner.class);
    types.put("forecast", ForecastPruner.class);
    return Collections.unmodifiableMap(types);
  }
}
