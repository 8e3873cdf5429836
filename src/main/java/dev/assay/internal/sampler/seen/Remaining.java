package dev.assay.internal.sampler.seen;

import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The configurations of a finite space that were not tried, in the order of their enumeration.
///
/// A Fenwick tree (Fenwick 1994) counts those left, so that taking one away and finding the k-th of
/// the rest both take logarithmic time, and the k-th is the same whenever this list was begun.
final class Remaining {
  private final List<Configuration> list = new ArrayList<>();
  private final Comparator<Configuration> byCodes;

  /// Where each stands, of a space that is a list and may be in any order.
  private final Map<Configuration, Integer> places = new HashMap<>();

  /// tree[i]: how many are left among the list's entries (i − lowest bit of i, i]; from 1.
  private final int[] tree;

  private final boolean[] gone;
  private int left;
  private int seen;

  Remaining(SearchSpace space, History history) {
    int d = space.dimension();
    byCodes = (a, b) -> compare(a, b, d);
    space.forEach(configuration -> {
      if (!history.contains(configuration)) {
        list.add(configuration);
      }
    });
    for (int i = 0; space.isListed() && i < list.size(); i++) {
      places.put(list.get(i), i);
    }
    left = list.size();
    gone = new boolean[left];
    tree = new int[left + 1];
    for (int i = 1; i <= left; i++) {
      tree[i] = i & -i;
    }
    seen = history.size();
  }

  /// Enumeration is lexicographic in the codes.
  private static int compare(Configuration a, Configuration b, int d) {
    for (int i = 0; i < d; i++) {
      int order = Double.compare(a.code(i), b.code(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /// Whether the history goes on from where this list is; one that is shorter does not.
  boolean mayAdvanceTo(History history) {
    return history.size() >= seen;
  }

  /// Takes away what was tried since.
  void advanceTo(History history) {
    for (; seen < history.size(); seen++) {
      remove(history.get(seen).configuration());
    }
    for (var pending : history.pending()) {
      remove(pending.configuration());
    }
  }

  /// One of those left, all equally likely.
  @Nullable Configuration pick(RandomGenerator random) {
    return left == 0 ? null : list.get(find(random.nextInt(left)));
  }

  /// The one left that is nearest in units; the first of equals.
  @Nullable Configuration nearest(Configuration goal) {
    var parameters = goal.space().parameters();
    @Nullable Configuration nearest = null;
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < gone.length; k++) {
      var candidate = list.get(k);
      double distance = gone[k] ? Double.POSITIVE_INFINITY : 0;
      for (int i = 0; i < parameters.size() && distance < least; i++) {
        distance += parameters.get(i).distance(candidate.code(i), goal.code(i));
      }
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /// Those left.
  List<Configuration> list() {
    return IntStream.range(0, list.size()).filter(i -> !gone[i]).mapToObj(list::get).toList();
  }

  private void remove(Configuration configuration) {
    int index =
        places.isEmpty()
            ? Collections.binarySearch(list, configuration, byCodes)
            : places.getOrDefault(configuration, -1);
    if (index < 0 || gone[index]) {
      return;
    }
    gone[index] = true;
    left--;
    for (int i = index + 1; i < tree.length; i += i & -i) {
      tree[i]--;
    }
  }

  /// The index of the k-th that is left, k from 0.
  private int find(int k) {
    int position = 0;
    int rest = k;
    for (int bit = Integer.highestOneBit(tree.length - 1); bit > 0; bit >>= 1) {
      int next = position + bit;
      if (next < tree.length && tree[next] <= rest) {
        position = next;
        rest -= tree[next];
      }
    }
    return position;
  }
}
