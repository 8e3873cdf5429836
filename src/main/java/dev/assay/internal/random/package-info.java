/// Points that lie evenly.
@NullMarked
package dev.assay.internal.random;

import org.jspecify.annotations.NullMarked;
