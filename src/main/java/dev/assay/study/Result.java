package dev.assay.study;

import java.util.List;

/// What a search came to.
///
/// @param best the best trial, or those that no other dominates; empty when none is complete
/// @param reason why it ended
/// @param overhead where the time went, earlier runs included
public record Result(List<TrialRecord> best, StopReason reason, Overhead overhead) {}
