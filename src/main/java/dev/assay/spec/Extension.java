package dev.assay.spec;

import dev.assay.internal.trial.Registry;
import dev.assay.problem.Problem;
import dev.assay.pruner.Pruners;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.StoppingRules;
import dev.assay.trial.Pruner;
import dev.assay.trial.Sampler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A sampler, pruner or stopping rule of a third party that study files can name here, or why one
/// cannot be used.
///
/// @param kind `sampler`, `pruner` or `stopping rule`
/// @param name what study files call it; null where it does not come so far
/// @param origin its class and where that is from; null where that is not known
/// @param settings with their defaults; empty where it cannot be made of defaults alone
/// @param problem what is wrong with it; null where nothing is
public record Extension(
    String kind,
    @Nullable String name,
    @Nullable String origin,
    Map<String, @Nullable Object> settings,
    @Nullable Problem problem) {

  /// What is on the class path.
  public static List<Extension> all() {
    var all = new ArrayList<Extension>();
    add(Samplers.registry(), Sampler::settings, all);
    add(Pruners.registry(), Pruner::settings, all);
    add(StoppingRules.registry(), _ -> Map.of(), all);
    return all;
  }

  private static <T> void add(
      Registry<T> registry,
      Function<T, Map<String, @Nullable Object>> settings,
      List<Extension> all) {
    for (var found : registry.services()) {
      var name = found.name();
      Map<String, @Nullable Object> defaults = Map.of();
      var problem = found.problem();
      if (name != null && problem == null) {
        try {
          defaults = settings.apply(registry.create(name, Map.of()));
        } catch (Problem refused) { // which may be right: some option has no default
          problem = refused;
        }
      }
      all.add(new Extension(registry.kind(), name, found.origin(), defaults, problem));
    }
  }

  /// For people: `sampler mine: {width=2} (org.example.MyProvider in /opt/mine.jar)`.
  public String line() {
    var wrong = problem;
    return kind
        + (name == null ? "" : " " + name)
        + ": "
        + (wrong == null
            ? settings + " (" + origin + ")"
            : wrong.what() + " " + wrong.value() + " " + wrong.mend());
  }

  /// For programs: JSON values.
  public Map<String, @Nullable Object> document() {
    var document = new LinkedHashMap<String, @Nullable Object>();
    var wrong = problem;
    document.put("kind", kind);
    document.put("name", name);
    document.put("origin", origin);
    document.put("settings", settings);
    document.put("problem", wrong == null ? null : wrong.getMessage());
    return document;
  }
}
