/// The one error that users see, and the nearest known name to a wrong one.
@NullMarked
package dev.assay.problem;

import org.jspecify.annotations.NullMarked;
