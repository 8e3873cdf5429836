package dev.assay.internal.sampler.simple;

import dev.assay.settings.Settings;
import dev.assay.settings.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The sub-grids of a [GridSampler] in study files: one, or a list.
final class Subgrids implements Shape {
  @Override
  public Object read(String owner, String key, Object given) {
    var subgrids = new ArrayList<Map<String, @Nullable Object>>();
    for (var element : given instanceof List<?> list ? list : List.of(given)) {
      if (!(element instanceof Map<?, ?> map)) {
        throw Settings.wrong(owner, key, given, values());
      }
      var subgrid = new LinkedHashMap<String, @Nullable Object>();
      map.forEach((name, value) -> subgrid.put(String.valueOf(name), value));
      subgrids.add(subgrid);
    }
    return subgrids;
  }

  @Override
  public @Nullable Object written(@Nullable Object value) {
    return value;
  }

  @Override
  public Map<String, Object> schema() {
    return Map.of("type", List.of("object", "array"), "items", Map.of("type", "object"));
  }

  @Override
  public String values() {
    return "a map of values, or a list of such maps";
  }
}
