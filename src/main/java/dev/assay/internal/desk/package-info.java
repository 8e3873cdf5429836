/// Where a study hands out trials and takes them back: what its one lock guards.
@NullMarked
package dev.assay.internal.desk;

import org.jspecify.annotations.NullMarked;
