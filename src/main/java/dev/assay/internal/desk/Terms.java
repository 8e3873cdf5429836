package dev.assay.internal.desk;

import dev.assay.trial.Confirmation;
import dev.assay.trial.Pruner;
import dev.assay.trial.Sampler;
import dev.assay.trial.StoppingRule;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// On which terms a study is run.
///
/// @param proposers opens the sampler, for the study's task
/// @param restarts how often a trial may be started again
public record Terms(
    Sampler sampler,
    Supplier<Sampler.Proposer> proposers,
    Pruner pruner,
    @Nullable StoppingRule stoppingRule,
    @Nullable Confirmation confirmation,
    int restarts) {}
