/// Tests and distributions.
@NullMarked
package dev.assay.internal.statistics;

import org.jspecify.annotations.NullMarked;
