/// Where processor time goes, by samples of a process of its own.
@NullMarked
package dev.assay.bench.profile;

import org.jspecify.annotations.NullMarked;
