package dev.assay.report;

import dev.assay.trial.Segment;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The parameters of a training that several trials are parts of: what population based training
/// finds is not one configuration, but one after the other.
public final class Schedule {
  private Schedule() {}

  /// Steps that were trained with the same parameters.
  ///
  /// @param from steps trained before
  /// @param to steps trained at its end
  public record Part(long from, long to, Map<String, @Nullable Object> params) {}

  /// The parts, as few as there can be.
  ///
  /// @param lineage as [Segment#lineage]
  public static List<Part> of(List<TrialRecord> lineage) {
    var parts = new ArrayList<Part>();
    for (var trial : lineage) {
      var segment = Segment.of(trial);
      if (segment == null) {
        continue;
      }
      var params = trial.configuration().values();
      var last = parts.isEmpty() ? null : parts.getLast();
      if (last != null && Objects.equals(last.params, params)) {
        parts.set(parts.size() - 1, new Part(last.from, segment.to(), params));
      } else {
        parts.add(new Part(segment.from(), segment.to(), params));
      }
    }
    return parts;
  }

  /// The parts as JSON values: `[{"from": 0, "to": 6, "params": {"learning_rate": 0.1}}]`.
  public static List<Map<String, @Nullable Object>> json(List<TrialRecord> lineage) {
    var list = new ArrayList<Map<String, @Nullable Object>>();
    for (var part : of(lineage)) {
      var entry = new LinkedHashMap<String, @Nullable Object>();
      entry.put("from", part.from);
      entry.put("to", part.to);
      entry.put("params", part.params);
      list.add(entry);
    }
    return list;
  }
}
