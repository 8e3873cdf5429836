/// Where studies are kept: the port, what is kept of a study, and one that keeps it in memory.
@NullMarked
package dev.assay.storage;

import org.jspecify.annotations.NullMarked;
