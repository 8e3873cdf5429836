/// Tests and distributions.
@NullMarked
package dev.assay.statistics;

import org.jspecify.annotations.NullMarked;
