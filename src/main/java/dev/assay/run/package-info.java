/// Running trials: the port to whatever runs them, and where the numbers of a run come from.
@NullMarked
package dev.assay.run;

import org.jspecify.annotations.NullMarked;
