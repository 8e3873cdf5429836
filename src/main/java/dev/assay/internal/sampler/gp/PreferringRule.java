package dev.assay.internal.sampler.gp;

import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.Preference;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A rule with a preference.
record PreferringRule(CandidateRule rule, Preference preference) implements CandidateRule {
  @Override
  public void canonicalise(double[] point, boolean[] active) {
    rule.canonicalise(point, active);
  }

  @Override
  public boolean acceptable(double[] point) {
    return rule.acceptable(point);
  }

  @Override
  public @Nullable List<double[]> listed() {
    return rule.listed();
  }

  @Override
  public double @Nullable [] mended(double[] point, RandomGenerator random) {
    return rule.mended(point, random);
  }
}
