/// Storages by method and by URL.
@NullMarked
package dev.assay.storage.sql;

import org.jspecify.annotations.NullMarked;
