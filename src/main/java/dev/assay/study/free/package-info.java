/// Configurations that an objective asks for while it runs.
@NullMarked
package dev.assay.study.free;

import org.jspecify.annotations.NullMarked;
