package dev.assay.storage;

import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.List;
import java.util.Map;

/// A study of many trials, as far as its best trial and its counts tell of it.
///
/// @param trials by number: the best by the one objective (with those as good), those that have
///   notes, failed, or have not ended
/// @param counts of all trials, by state
/// @param lastMillis when something happened last, milliseconds since 1970; 0: never
public record StudySketch(
    List<TrialRecord> trials, Map<TrialState, Integer> counts, double lastMillis) {}
