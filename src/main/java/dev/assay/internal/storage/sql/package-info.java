/// Studies in databases: in a SQLite file that a person can read with the sqlite3 shell, or in
/// PostgreSQL.
@NullMarked
package dev.assay.internal.storage.sql;

import org.jspecify.annotations.NullMarked;
