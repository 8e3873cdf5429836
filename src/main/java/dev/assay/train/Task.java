package dev.assay.train;

import java.util.Locale;

/// What is learnt: which class a row belongs to, or which number.
public enum Task {
  CLASSIFICATION,
  REGRESSION;

  /// As in messages: `regression`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
