package dev.assay.exchange;

import dev.assay.space.Distribution;
import dev.assay.trial.Cause;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A trial of another tool's while it is being read.
final class Draft {
  final int number;
  TrialState state = TrialState.RUNNING;
  @Nullable Cause cause;
  String detail = "";

  /// The parameters that it had, JSON values.
  final Map<String, @Nullable Object> params = new LinkedHashMap<>();

  /// What its parameters were drawn from, where the tool says so.
  final Map<String, Distribution> distributions = new LinkedHashMap<>();

  /// One for each objective; NaN and the infinities where the tool has them.
  List<Double> values = new ArrayList<>();

  final TreeMap<Long, List<Double>> reports = new TreeMap<>();
  final Map<String, @Nullable Object> attributes = new LinkedHashMap<>();

  /// What Assay has no place for: see [Origin].
  final Map<String, @Nullable Object> origin = new LinkedHashMap<>();

  /// Microseconds since 1970; 0: unknown.
  long startedMicros;

  long endedMicros;
  int restarts;

  Draft(int number) {
    this.number = number;
  }

  /// Whether it ran to an end that says something of its parameters.
  boolean isSettled() {
    return state == TrialState.COMPLETE || state == TrialState.PRUNED;
  }

  void fail(Cause newCause, String newDetail) {
    state = TrialState.FAILED;
    cause = newCause;
    detail = newDetail;
  }

  double seconds() {
    return startedMicros == 0 || endedMicros == 0
        ? 0
        : Math.max(0, (endedMicros - startedMicros) * 1e-6);
  }
}
