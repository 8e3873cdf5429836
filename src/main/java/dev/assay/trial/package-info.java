/// Trials as values, and who judges them: what is known of each, what was seen so far, what is
/// wanted of them; and the ports that see nothing but these: [dev.assay.trial.Sampler] proposes,
/// [dev.assay.trial.Pruner] ends, [dev.assay.trial.StoppingRule] stops.
@NullMarked
package dev.assay.trial;

import org.jspecify.annotations.NullMarked;
