package dev.assay.internal.storage.sql;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Gives out places in the order in which the trials of a study end, where the database does not
/// count them itself. Thread-safe.
final class Endings {
  private final boolean counts;
  private final AtomicLong last;

  /// @param first the lowest key of the study's trials, and `end` the highest
  Endings(SqlWriter writer, long first, long end) {
    counts = !writer.dialect().ordersEndings();
    last = new AtomicLong(counts ? stored(writer, first, end) : 0);
  }

  private static long stored(SqlWriter writer, long first, long end) {
    return writer.alone(connection -> {
      try (var query =
          connection.prepareStatement("SELECT max(ended) FROM trial WHERE id BETWEEN ? AND ?")) {
        query.setLong(1, first);
        query.setLong(2, end);
        try (var rows = query.executeQuery()) {
          return rows.getLong(1);
        }
      }
    });
  }

  /// The next place: microseconds of the clock, so that several processes need not agree on a
  /// counter, and ascending whatever the clock does; null where the database counts.
  @Nullable Long next() {
    if (!counts) {
      return null;
    }
    long now = System.currentTimeMillis() * 1000;
    return last.updateAndGet(before -> Math.max(before + 1, now));
  }
}
