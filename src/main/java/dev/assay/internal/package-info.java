/// Assay's own rooms. Types in packages below are public for each other only: no documentation
/// speaks of them, and any version may change them.
@NullMarked
package dev.assay.internal;

import org.jspecify.annotations.NullMarked;
