/// What becomes of a stored study when somebody goes on with it.
@NullMarked
package dev.assay.internal.opening;

import org.jspecify.annotations.NullMarked;
