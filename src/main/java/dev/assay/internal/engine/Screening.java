package dev.assay.internal.engine;

import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.problem.Require;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;

/// The best of some points, as they come by.
public final class Screening {
  /// Points of a batch.
  private static final int BATCH = 4096;

  /// A point of a net with its acquisition value.
  private record Found(int index, double value) implements Comparable<Found> {
    /// The better one is the larger; of equal ones that with the smaller index.
    @Override
    public int compareTo(Found other) {
      int byValue = Double.compare(value, other.value);
      return byValue != 0 ? byValue : Integer.compare(other.index, index);
    }
  }

  private final CandidateNet net;
  private final int keep;
  private final PriorityQueue<Found> best = new PriorityQueue<>();

  /// @param keep how many
  public Screening(CandidateNet net, int keep) {
    Require.atLeast("screening", "keep", keep, 1);
    this.net = net;
    this.keep = keep;
  }

  /// What is not a number is passed over.
  public void offer(int index, double value) {
    if (Double.isNaN(value)) {
      return;
    }
    best.add(new Found(index, value));
    if (best.size() > keep) {
      best.remove();
    }
  }

  /// What a point must be worth to be kept; -∞ while there is room.
  public double threshold() {
    return best.size() < keep ? Double.NEGATIVE_INFINITY : best.element().value();
  }

  /// Those kept, best first.
  public List<GpSession.Candidate> best() {
    var rest = new PriorityQueue<>(best);
    var ordered = new ArrayList<GpSession.Candidate>();
    while (!rest.isEmpty()) {
      var found = rest.remove();
      ordered.addFirst(new GpSession.Candidate(net.point(found.index()), found.value()));
    }
    return ordered;
  }

  /// By the values of all of a net's points.
  static List<GpSession.Candidate> exhaustive(
      GpSession session, AcquisitionFunction function, CandidateNet net, int keep) {
    return exhaustive((points, values) -> session.acquisition(function, points, values), net, keep);
  }

  /// The same of any function.
  ///
  /// @param function takes m × d coordinates and writes m values
  static List<GpSession.Candidate> exhaustive(
      BiConsumer<double[], double[]> function, CandidateNet net, int keep) {
    var screening = new Screening(net, keep);
    for (int from = 0; from < net.count(); from += BATCH) {
      int m = Math.min(BATCH, net.count() - from);
      var values = new double[m];
      function.accept(net.points(from, m), values);
      for (int t = 0; t < m; t++) {
        screening.offer(from + t, values[t]);
      }
    }
    return screening.best();
  }
}
