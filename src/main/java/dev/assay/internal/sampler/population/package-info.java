/// Population based training: trials that go on from each other's checkpoints under changed
/// settings.
@NullMarked
package dev.assay.internal.sampler.population;

import org.jspecify.annotations.NullMarked;
