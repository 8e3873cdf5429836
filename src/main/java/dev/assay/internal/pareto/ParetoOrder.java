package dev.assay.internal.pareto;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Ranks vectors of losses: by the fronts of non-dominated ones (Deb et al. 2002), and within the
/// front that only partly fits by the hypervolume that each adds to those chosen before (greedy
/// subset selection, Guerreiro, Fonseca and Paquete 2016).
public final class ParetoOrder {
  /// Of larger fronts, only so many evenly spaced members compete for hypervolume.
  private static final int COMPETITORS = 200;

  private final double[][] losses;

  /// @param losses n vectors, smaller is better
  public ParetoOrder(double[][] losses) {
    this.losses = losses;
  }

  /// The indices of the best k, best first.
  public List<Integer> best(int k) {
    var chosen = new ArrayList<Integer>(k);
    var rest = new ArrayList<Integer>();
    for (int i = 0; i < losses.length; i++) {
      rest.add(i);
    }
    while (chosen.size() < k && !rest.isEmpty()) {
      var front = takeFront(rest);
      chosen.addAll(byHypervolume(front, Math.min(front.size(), k - chosen.size())));
    }
    return chosen;
  }

  /// Every index, front by front, those of one front in ascending order.
  public List<List<Integer>> fronts() {
    var rest = new ArrayList<Integer>();
    for (int i = 0; i < losses.length; i++) {
      rest.add(i);
    }
    var fronts = new ArrayList<List<Integer>>();
    while (!rest.isEmpty()) {
      fronts.add(takeFront(rest));
    }
    return fronts;
  }

  private List<Integer> takeFront(List<Integer> rest) {
    var front = front(rest);
    var inFront = new boolean[losses.length];
    front.forEach(i -> inFront[i] = true);
    rest.removeIf(i -> inFront[i]);
    return front;
  }

  /// Those that no other dominates, by index.
  private List<Integer> front(List<Integer> candidates) {
    var front = new ArrayList<Integer>();
    // In lexicographic order nothing is dominated by what comes later.
    var sorted = new ArrayList<>(candidates);
    sorted.sort((a, b) -> Arrays.compare(losses[a], losses[b]));
    for (int i : sorted) {
      if (front.stream().noneMatch(f -> Dominance.dominates(losses[f], losses[i]))) {
        front.add(i);
      }
    }
    front.sort(Comparator.naturalOrder());
    return front;
  }

  private List<Integer> byHypervolume(List<Integer> front, int k) {
    var competitors = thinned(front, Math.max(COMPETITORS, k));
    var points = scaled(competitors);
    var chosen = new ArrayList<Integer>();
    var volume = new ArrayList<double[]>();
    var free = new ArrayList<Integer>();
    for (int i = 0; i < points.length; i++) {
      free.add(i);
    }
    var gains = new double[points.length];
    Arrays.fill(gains, Double.POSITIVE_INFINITY); // of earlier rounds: they only shrink
    while (chosen.size() < k) {
      int next = mostVolume(free, gains, points, volume);
      free.remove(Integer.valueOf(next));
      volume.add(points[next]);
      chosen.add(competitors.get(next));
    }
    return chosen;
  }

  private static int mostVolume(
      List<Integer> free, double[] gains, double[][] points, List<double[]> volume) {
    var reference = new double[points[0].length];
    Arrays.fill(reference, 1);
    double known = Hypervolume.of(volume, reference);
    int best = -1;
    for (int i : free) {
      if (best >= 0 && gains[i] <= gains[best]) {
        continue; // lazily: it cannot win any more
      }
      volume.add(points[i]);
      gains[i] = Hypervolume.of(volume, reference) - known;
      volume.removeLast();
      if (best < 0 || gains[i] > gains[best]) {
        best = i;
      }
    }
    return best;
  }

  private static List<Integer> thinned(List<Integer> front, int most) {
    if (front.size() <= most) {
      return front;
    }
    var thinned = new ArrayList<Integer>(most);
    for (int i = 0; i < most; i++) {
      thinned.add(front.get((int) ((long) i * front.size() / most)));
    }
    return thinned;
  }

  /// The points in units of the front's extent, so that 1.1 in every coordinate is the reference.
  private double[][] scaled(List<Integer> members) {
    int objectives = losses[members.getFirst()].length;
    var points = new double[members.size()][objectives];
    for (int k = 0; k < objectives; k++) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (int i : members) {
        low = Math.min(low, losses[i][k]);
        high = Math.max(high, losses[i][k]);
      }
      for (int i = 0; i < points.length; i++) {
        double x = losses[members.get(i)][k];
        // Halves, because the extent itself may overflow.
        points[i][k] = high > low ? (x / 2 - low / 2) / (high / 2 - low / 2) / 1.1 : 0;
      }
    }
    return points;
  }
}
