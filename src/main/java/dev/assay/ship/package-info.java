/// Files that travel with a study to the machines that run its trials: listed in a manifest, kept
/// and found by the SHA-256 of what is in them, checked wherever they arrive.
@NullMarked
package dev.assay.ship;

import org.jspecify.annotations.NullMarked;
