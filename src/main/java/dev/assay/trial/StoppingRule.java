package dev.assay.trial;

/// Decides from what is known whether a search has come far enough: a port beside the limits of a
/// [Budget].
@FunctionalInterface
public interface StoppingRule {
  /// Whether no further trial is worth its cost. Asked once for each new length of the history;
  /// depends on the task and the finished trials only.
  boolean reached(SearchTask task, History history);
}
