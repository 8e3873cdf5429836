/// Spaces as JSON.
@NullMarked
package dev.assay.internal.space;

import org.jspecify.annotations.NullMarked;
