package dev.assay.internal.pruner;

import dev.assay.settings.Settings;
import dev.assay.settings.Shape;
import dev.assay.trial.Pruner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A pruner inside another's options: a name, or a map from the name to options.
final class NestedPruner implements Shape {
  @Override
  public Object read(String owner, String key, Object given) {
    if (given instanceof String name) {
      return KnownPruners.REGISTRY.create(name, Map.of());
    }
    if (given instanceof Map<?, ?> map && map.size() == 1) {
      var entry = map.entrySet().iterator().next();
      if (entry.getValue() instanceof Map<?, ?> said) {
        var options = new LinkedHashMap<String, @Nullable Object>();
        said.forEach((name, value) -> options.put(String.valueOf(name), value));
        return KnownPruners.REGISTRY.create(String.valueOf(entry.getKey()), options);
      }
    }
    throw Settings.wrong(owner, key, given, values());
  }

  @Override
  public @Nullable Object written(@Nullable Object value) {
    return value instanceof Pruner pruner ? Map.of(pruner.name(), pruner.settings()) : null;
  }

  @Override
  public Map<String, Object> schema() {
    return Map.of("type", List.of("string", "object"), "minProperties", 1, "maxProperties", 1);
  }

  @Override
  public String values() {
    return "a pruner's name, or a map from its name to its options";
  }
}
