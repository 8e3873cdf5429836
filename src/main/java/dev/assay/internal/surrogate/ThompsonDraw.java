package dev.assay.internal.surrogate;

import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.Candidates;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.engine.MaximiserPlan;
import java.util.Arrays;
import java.util.NoSuchElementException;

/// The best of some candidates by one joint draw of what the first model believes of them (Thompson
/// 1933).
final class ThompsonDraw {
  private static final int CANDIDATES = 640;

  private ThompsonDraw() {}

  /// @throws NoSuchElementException if the rule accepted no candidate
  static GpSession.Candidate best(
      GpSession session, Box box, MaximiserPlan plan, CandidateRule rule) {
    // Joint draws are of some hundred points: more Sobol points would crowd out the local ones.
    var candidates = new Candidates(box, plan.lookingAt(MaximiserPlan.SOBOL), rule).draw();
    if (candidates.isEmpty()) {
      throw new NoSuchElementException("no acceptable candidate");
    }
    int count = Math.min(candidates.size(), CANDIDATES);
    int d = box.dimension();
    var points = new double[count * d];
    for (int i = 0; i < count; i++) { // evenly: Sobol points stand first, local ones after them
      int from = (int) ((long) i * candidates.size() / count);
      System.arraycopy(candidates.get(from), 0, points, i * d, d);
    }
    var path = session.sample(0, points, 1, plan.seed());
    Arrays.setAll(path, i -> -path[i]);
    var preference = rule.preference();
    if (preference != null) {
      preference.addTo(points, path, null);
    }
    int best = 0;
    for (int i = 1; i < count; i++) {
      best = path[i] > path[best] ? i : best;
    }
    return new GpSession.Candidate(
        Arrays.copyOfRange(points, best * d, (best + 1) * d), path[best]);
  }
}
