/// What becomes of a stored study when somebody goes on with it.
@NullMarked
package dev.assay.study.opening;

import org.jspecify.annotations.NullMarked;
