/// NSGA-II and NSGA-III: populations that breed, for one objective or several.
@NullMarked
package dev.assay.internal.sampler.genetic;

import org.jspecify.annotations.NullMarked;
