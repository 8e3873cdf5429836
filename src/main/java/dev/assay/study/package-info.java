/// A study: its trials, their outcomes, and the ports through which samplers, pruners and storages
/// take part.
///
/// A *trial* is one configuration tried once; trials are numbered 0, 1, ... in the order of their
/// proposal. The *history* is what a sampler or pruner may know when it decides. n: the number of
/// finished trials in a history.
@NullMarked
package dev.assay.study;

import org.jspecify.annotations.NullMarked;
