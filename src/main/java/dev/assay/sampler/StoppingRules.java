package dev.assay.sampler;

import dev.assay.internal.sampler.gp.RegretRule;
import dev.assay.internal.trial.Registry;
import dev.assay.problem.Problem;
import dev.assay.trial.StoppingRule;
import dev.assay.trial.StoppingRuleProvider;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The stopping rules that study files can name.
public final class StoppingRules {
  private static final Registry<StoppingRule> REGISTRY =
      new Registry<>(
          "stopping rule", Map.of("regret", RegretRule.class), StoppingRuleProvider.class);

  private StoppingRules() {}

  /// All that can be named, with those of third parties ([StoppingRuleProvider]).
  public static Registry<StoppingRule> registry() {
    return REGISTRY;
  }

  /// The stopping rule of a study file.
  ///
  /// @param options JSON values, by name; those that are not given have their defaults
  /// @throws Problem for an unknown name or option, a wrong type, a value out of range, or a
  ///   service that fails
  public static StoppingRule create(String name, Map<String, ? extends @Nullable Object> options) {
    return REGISTRY.create(name, options);
  }
}
