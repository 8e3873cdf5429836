package dev.assay.internal.storage.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Lets a command that asks several things of a SQLite file, one after the other, open it once.
/// What it is told each time is of that moment, as with connections of their own. One thread at a
/// time.
public final class OneLook implements AutoCloseable {
  private static final ScopedValue<OneLook> CURRENT = ScopedValue.newInstance();

  private @Nullable Path path;
  private @Nullable Connection idle;

  /// Whoever makes one closes it.
  OneLook() {}

  /// Runs what looks; nothing stays open.
  public static <T> T during(Callable<T> command) throws Exception {
    try (var look = new OneLook()) {
      return ScopedValue.where(CURRENT, look).call(command::call);
    }
  }

  /// Runs a part of what looks, on any thread.
  <T> T part(Supplier<T> work) {
    return ScopedValue.where(CURRENT, this).call(work::get);
  }

  /// The one that this thread is in, if any.
  static @Nullable OneLook current() {
    return CURRENT.isBound() ? CURRENT.get() : null;
  }

  /// The connection that was kept, if it is to this file. Whoever takes it owns it.
  @Nullable Connection take(Path file) {
    var kept = idle;
    if (kept == null || !file.equals(path)) {
      return null;
    }
    idle = null;
    return kept;
  }

  /// Keeps a connection without a transaction, instead of the one before.
  void keep(Path file, Connection connection) throws SQLException {
    closeIdle();
    path = file;
    idle = connection;
  }

  private void closeIdle() throws SQLException {
    var kept = idle;
    idle = null;
    if (kept != null) {
      kept.close();
    }
  }

  @Override
  public void close() throws SQLException {
    closeIdle();
  }
}
