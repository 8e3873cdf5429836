/// Running trials: the kinds of objective, and where the numbers of a run come from.
@NullMarked
package dev.assay.run;

import org.jspecify.annotations.NullMarked;
