/// What trials come to together: fronts, failures that read alike; and how samplers, pruners and
/// stopping rules are found by name.
@NullMarked
package dev.assay.internal.trial;

import org.jspecify.annotations.NullMarked;
