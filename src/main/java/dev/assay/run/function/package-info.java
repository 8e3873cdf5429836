/// Test functions of the literature as trials, with one objective and with several.
@NullMarked
package dev.assay.run.function;

import org.jspecify.annotations.NullMarked;
