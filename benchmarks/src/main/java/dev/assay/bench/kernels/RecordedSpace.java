package dev.assay.bench.kernels;

import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// All valid configurations of a finite space, each a list of places among its parameters' values.
public final class RecordedSpace {
  /// By parameter, the values that some configuration has, ascending.
  private final List<List<Double>> values = new ArrayList<>();

  private final List<int[]> all = new ArrayList<>();
  private final List<Configuration> configurations = new ArrayList<>();
  private final Map<Key, Integer> places = new HashMap<>();

  private record Key(int hash, int[] point) {
    Key(int[] point) {
      this(Arrays.hashCode(point), point);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && Arrays.equals(point, key.point);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /// What an axis of neighbours is made of.
  enum Neighbourhood {
    /// One parameter has any other value.
    HAMMING,
    /// One parameter has the value before or behind.
    ADJACENT
  }

  RecordedSpace(SearchSpace space) {
    space.forEach(configurations::add);
    for (int i = 0; i < space.dimension(); i++) {
      int parameter = i;
      var sorted = new TreeSet<Double>();
      configurations.forEach(configuration -> sorted.add(configuration.code(parameter)));
      values.add(List.copyOf(sorted));
    }
    for (var configuration : configurations) {
      places.put(new Key(point(configuration)), all.size());
      all.add(point(configuration));
    }
  }

  int dimension() {
    return values.size();
  }

  int size() {
    return all.size();
  }

  int[] point(Configuration configuration) {
    var point = new int[values.size()];
    for (int i = 0; i < point.length; i++) {
      point[i] = values.get(i).indexOf(configuration.code(i));
    }
    return point;
  }

  boolean isValid(int[] point) {
    return places.containsKey(new Key(point));
  }

  Configuration configuration(int[] point) {
    var place = places.get(new Key(point));
    if (place == null) {
      throw new IllegalArgumentException(Arrays.toString(point));
    }
    return configurations.get(place);
  }

  int[] draw(RandomGenerator random) {
    return all.get(random.nextInt(all.size())).clone();
  }

  /// Valid points that differ in this parameter only.
  List<int[]> along(int[] point, int parameter, Neighbourhood kind) {
    var found = new ArrayList<int[]>();
    for (int value = 0; value < values.get(parameter).size(); value++) {
      int steps = Math.abs(value - point[parameter]);
      if (steps == 1 || steps > 1 && kind == Neighbourhood.HAMMING) {
        var next = point.clone();
        next[parameter] = value;
        if (isValid(next)) {
          found.add(next);
        }
      }
    }
    return found;
  }

  List<int[]> neighbours(int[] point, Neighbourhood kind) {
    var found = new ArrayList<int[]>();
    for (int i = 0; i < point.length; i++) {
      found.addAll(along(point, i, kind));
    }
    return found;
  }

  /// 0 to n − 1 in a random order.
  static int[] shuffled(int n, RandomGenerator random) {
    var order = new int[n];
    for (int i = 0; i < n; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }
}
