package dev.assay.sampler.gp;

import dev.assay.problem.Problem;
import dev.assay.trial.Options;
import java.util.Locale;

/// Whether the same configuration may bring different values.
public enum Noisy {
  /// One configuration is repeated where models lean to noise, and what that brings decides.
  AUTO,
  YES,
  NO;

  public static final String KEY = "noisy";

  /// @throws Problem unless it is `auto`, yes or no
  public static Noisy of(Options options) {
    return switch (options.any(KEY)) {
      case null -> AUTO;
      case Boolean flag -> flag ? YES : NO; // as YAML reads yes and no
      case String word when word.equals("auto") -> AUTO;
      case String word when word.equals("yes") -> YES;
      case String word when word.equals("no") -> NO;
      case Object other -> throw options.wrong(KEY, other, "auto, yes or no");
    };
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
