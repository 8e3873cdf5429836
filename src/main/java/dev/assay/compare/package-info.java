/// Samplers side by side: the same problems, the same seeds, and what statistics say of the
/// difference.
///
/// A *case* is one problem to search, a *contender* one sampler with its settings, a *run* one
/// search of a case by a contender with one seed. Losses are values with their sign turned so that
/// smaller is better; a run in which no trial completed has an infinite loss. Pairs are runs of one
/// seed.
@org.jspecify.annotations.NullMarked
package dev.assay.compare;
