package dev.assay.engine;

/// Which points of the box stand for configurations that may be proposed.
public interface CandidateRule {
  /// Every point, each coordinate always active.
  CandidateRule ANY =
      new CandidateRule() {
        @Override
        public void canonicalise(double[] point, boolean[] active) {
          java.util.Arrays.fill(active, true);
        }

        @Override
        public boolean acceptable(double[] point) {
          return true;
        }
      };

  /// Moves coordinates that the point does not have (their condition does not hold) to their fixed
  /// place, and fixed parameters to their value; tells which coordinates are free.
  ///
  /// @param active out: d flags
  void canonicalise(double[] point, boolean[] active);

  /// Whether a canonical point satisfies the constraints and is not taken.
  boolean acceptable(double[] point);
}
