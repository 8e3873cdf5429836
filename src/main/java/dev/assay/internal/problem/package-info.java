/// What is refused in the same words in many places.
@NullMarked
package dev.assay.internal.problem;

import org.jspecify.annotations.NullMarked;
