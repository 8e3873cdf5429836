/// A study: asks for trials, is told their outcomes, keeps both; and the loop that runs an
/// objective in this process.
///
/// A *trial* is one configuration tried once; trials are numbered 0, 1, ... in the order of their
/// proposal. The *history* is what a sampler or pruner may know when it decides. n: the number of
/// finished trials in a history.
@NullMarked
package dev.assay.study;

import org.jspecify.annotations.NullMarked;
