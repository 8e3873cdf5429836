package dev.assay.internal.engine;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

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

  /// Every acceptable point, canonical, where they are few enough that each is looked at; the
  /// search then looks at nothing else.
  ///
  /// @return null where that is not known
  default @Nullable List<double[]> listed() {
    return null;
  }

  /// What speaks for points beside what models expect of them.
  ///
  /// @return null where nothing does
  default @Nullable Preference preference() {
    return null;
  }

  /// An acceptable point near one that is not, where those are too rare to be met by chance.
  ///
  /// @return null where none was found
  default double @Nullable [] mended(double[] point, RandomGenerator random) {
    return null;
  }
}
