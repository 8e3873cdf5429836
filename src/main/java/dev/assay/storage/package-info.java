/// Where studies are kept: in memory, or in a SQLite file that a person can read with the sqlite3
/// shell.
@NullMarked
package dev.assay.storage;

import org.jspecify.annotations.NullMarked;
