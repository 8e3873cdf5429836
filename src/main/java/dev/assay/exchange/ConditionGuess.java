package dev.assay.exchange;

import dev.assay.space.Condition;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// When each parameter exists, found in the trials that have it and those that have not: under
/// values of choices and integers that tell the two apart.
final class ConditionGuess {
  /// Ranges of more values are no parents: what few trials have in common there is chance.
  private static final long MOST_VALUES = 1000;

  private final Map<String, Distribution> distributions;
  private final List<Draft> trials;

  /// The trials that have each parameter.
  private final Map<String, Set<Draft>> having = new LinkedHashMap<>();

  /// @param trials those that ran to an end
  ConditionGuess(Map<String, Distribution> distributions, List<Draft> trials) {
    this.distributions = distributions;
    this.trials = trials;
    for (var name : distributions.keySet()) {
      var set = new HashSet<Draft>();
      for (var trial : trials) {
        if (trial.params.containsKey(name)) {
          set.add(trial);
        }
      }
      having.put(name, set);
    }
  }

  /// The condition of each parameter; null where those of some cannot be told.
  @Nullable Map<String, Condition> conditions() {
    var conditions = new LinkedHashMap<String, Condition>();
    for (var name : distributions.keySet()) {
      var condition = condition(name);
      if (condition == null) {
        return null;
      }
      conditions.put(name, condition);
    }
    return conditions;
  }

  private Set<Draft> having(String name) {
    return having.getOrDefault(name, Set.of());
  }

  /// The parent that rules out most of the trials without the parameter, then the one that rules
  /// out most of the rest, until none is left.
  private @Nullable Condition condition(String name) {
    var with = having(name);
    Set<Draft> without = new LinkedHashSet<>(trials);
    without.removeAll(with);
    if (with.isEmpty()) {
      return Condition.ALWAYS; // in trials that failed alone
    }
    var condition = Condition.ALWAYS;
    while (!without.isEmpty()) {
      Condition.In best = null;
      Set<Draft> bestLeft = without;
      for (var parent : parents(name)) {
        var values = values(parent, with);
        var left = left(parent, values, without);
        if (left.size() < bestLeft.size()) {
          bestLeft = left;
          best = new Condition.In(parent, all(parent, values, without));
        }
      }
      if (best == null) {
        return null;
      }
      condition = condition.and(best);
      without = bestLeft;
    }
    return flat(condition);
  }

  /// As a study file writes several conditions: side by side.
  private static Condition flat(Condition condition) {
    var parts = new ArrayList<Condition>();
    flatten(condition, parts);
    return parts.size() == 1 ? parts.getFirst() : new Condition.All(parts);
  }

  private static void flatten(Condition condition, List<Condition> parts) {
    if (condition instanceof Condition.All(var inner)) {
      inner.forEach(part -> flatten(part, parts));
    } else {
      parts.add(condition);
    }
  }

  /// Parameters that exist wherever this one does and elsewhere too, so that no circle can arise.
  private List<String> parents(String name) {
    var with = having(name);
    var parents = new ArrayList<String>();
    distributions.forEach((parent, distribution) -> {
      var there = having(parent);
      boolean possible =
          !(distribution instanceof FloatRange)
              && distribution.count().orElse(Long.MAX_VALUE) <= MOST_VALUES;
      if (possible && there.size() > with.size() && there.containsAll(with)) {
        parents.add(parent);
      }
    });
    return parents;
  }

  private static Set<@Nullable Object> values(String parent, Collection<Draft> trials) {
    var values = new LinkedHashSet<@Nullable Object>();
    trials.forEach(trial -> values.add(trial.params.get(parent)));
    return values;
  }

  /// The trials that a condition on the parent does not rule out.
  private static Set<Draft> left(
      String parent, Set<@Nullable Object> values, Collection<Draft> without) {
    var left = new LinkedHashSet<Draft>();
    for (var trial : without) {
      if (trial.params.containsKey(parent) && values.contains(trial.params.get(parent))) {
        left.add(trial);
      }
    }
    return left;
  }

  /// Of a range the values between too, and those beyond it where no trial says otherwise: of
  /// `units_3`, which was seen under 4 and 6 layers but not under 2, all from 4 on.
  private List<@Nullable Object> all(
      String parent, Set<@Nullable Object> values, Collection<Draft> without) {
    if (!(distributions.get(parent) instanceof IntRange range)) {
      return new ArrayList<>(values);
    }
    var other = new HashSet<Long>();
    for (var value :
        values(parent, without.stream().filter(t -> t.params.containsKey(parent)).toList())) {
      if (!values.contains(value) && value instanceof Long number) {
        other.add(number);
      }
    }
    var mine =
        values.stream()
            .mapToLong(v -> ((Number) java.util.Objects.requireNonNull(v)).longValue())
            .sorted()
            .toArray();
    long least = mine[0];
    long most = mine[mine.length - 1];
    boolean isGap = other.stream().anyMatch(x -> x > least && x < most);
    if (isGap) {
      return new ArrayList<>(values);
    }
    long low = other.stream().anyMatch(x -> x < least) ? least : range.low();
    long high = other.stream().anyMatch(x -> x > most) ? most : range.high();
    return new ArrayList<>(
        LongStream.rangeClosed(low, high)
            .filter(x -> (x - range.low()) % range.step() == 0)
            .boxed()
            .toList());
  }
}
