/// Running studies: what a study file describes, brought together with a sampler, a storage and a
/// back end.
@NullMarked
package dev.assay.run;

import org.jspecify.annotations.NullMarked;
