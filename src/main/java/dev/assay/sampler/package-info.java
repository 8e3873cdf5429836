/// Ways of choosing configurations: their names ([Samplers]), what is searched with by default
/// ([dev.assay.internal.sampler.AutoSampler]), and the rules that end a study. The ways themselves
/// stand in packages by family.
///
/// d: the number of parameters; n: the number of finished trials; x: a point, d unit values; y: a
/// loss, an objective's value with the sign turned so that smaller is better. Each sampler is a
/// record of its settings; its proposer keeps a memo that [dev.assay.trial.History] alone can
/// rebuild.
@NullMarked
package dev.assay.sampler;

import org.jspecify.annotations.NullMarked;
