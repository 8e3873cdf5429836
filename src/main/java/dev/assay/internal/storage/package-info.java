/// What is kept of a study beside its trials, and copies of stored studies.
@NullMarked
package dev.assay.internal.storage;

import org.jspecify.annotations.NullMarked;
