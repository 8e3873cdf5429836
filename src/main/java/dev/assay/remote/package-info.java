/// Workers that reach no storage: they claim trials over HTTP from the process that owns the study,
/// and tell it what becomes of them. Both ends, and what they say ([dev.assay.remote.Messages]).
///
/// A *claim* is a trial in a worker's hands under an *epoch*: how often the trial had been
/// interrupted before. Whoever speaks of it under another epoch has lost it.
@NullMarked
package dev.assay.remote;

import org.jspecify.annotations.NullMarked;
