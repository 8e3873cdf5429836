package dev.assay.internal.storage.sql;

import dev.assay.problem.Problem;
import java.nio.file.Path;
import java.sql.SQLException;

/// SQLite's errors in words. Codes: <https://sqlite.org/rescode.html>.
final class SqliteProblems {
  private static final int PERM = 3;
  private static final int BUSY = 5;
  private static final int LOCKED = 6;
  private static final int READONLY = 8;
  private static final int NOMEM = 7;
  private static final int IOERR = 10;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int CANTOPEN = 14;
  private static final int PROTOCOL = 15;
  private static final int NOTADB = 26;

  private SqliteProblems() {}

  private static int code(SQLException error) {
    return error.getErrorCode() & 0xff; // the low byte is the primary code
  }

  /// Whether what failed may succeed later with nothing changed but the file's surroundings: a lock
  /// is released, there is room again, a disk is mounted for writing.
  static boolean mayPass(Problem problem) {
    return problem.getCause() instanceof SQLException error
        && switch (code(error)) {
          case PERM, BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN, PROTOCOL -> true;
          default -> false;
        };
  }

  /// Whether another process's lock is in the way.
  static boolean isBusy(SQLException error) {
    return code(error) == BUSY || code(error) == LOCKED;
  }

  static Problem of(Path path, SQLException error) {
    return switch (code(error)) {
      case BUSY, LOCKED ->
          problem(
              "The storage file is locked by another process.",
              path,
              error,
              "Wait for it or end it, then try again.");
      case CORRUPT ->
          problem(
              "The storage file is damaged.",
              path,
              error,
              "Restore a copy, or save what is readable: sqlite3 FILE .recover | sqlite3 NEW.");
      case NOTADB ->
          problem(
              "The storage file is no SQLite database.",
              path,
              error,
              "Choose another path, or move the file away.");
      case FULL ->
          problem(
              "The disk of the storage file is full.",
              path,
              error,
              "Make room and resume: what was told before is kept.");
      case CANTOPEN, READONLY, PERM ->
          problem(
              "The storage file cannot be opened for writing.",
              path,
              error,
              "Make the file and its directory writable, or choose another path.");
      case IOERR ->
          problem(
              "The disk of the storage file failed.",
              path,
              error,
              "Look at the disk and its free space, then resume: what was told before is kept.");
      default ->
          problem(
              "The storage file cannot be used.",
              path,
              error,
              "Look at the message; what was told before is kept.");
    };
  }

  private static Problem problem(String what, Path path, SQLException error, String mend) {
    return new Problem(what, path + ": " + error.getMessage(), mend, error);
  }

  /// There is no file where one was.
  static Problem gone(Path path) {
    return new Problem(
        "The storage file is not there any more.",
        path.toString(),
        "Put it back where it was, or give its new path: --storage sqlite:PATH.");
  }

  /// A stored text that is not the JSON that was written.
  static Problem unreadable(Path path, String place, Exception error) {
    return new Problem(
        "What the storage file holds cannot be read.",
        path + ", " + place + ": " + error.getMessage(),
        "Somebody changed it, or the disk did: restore a copy of the file, or mend the row.",
        error);
  }

  /// The file is shorter than its header says.
  static Problem cutShort(Path path, long bytes, long expected) {
    return new Problem(
        "The storage file is damaged: its end is missing.",
        path + ": " + bytes + " of " + expected + " bytes",
        "Restore a copy, or save what is readable: sqlite3 FILE .recover | sqlite3 NEW.");
  }

  /// The file belongs to another program.
  static Problem foreign(Path path, int applicationId) {
    return new Problem(
        "The storage file is a database of another program.",
        path + ": application id " + Integer.toHexString(applicationId),
        "Choose another path.");
  }

  static Problem newer(Path path, int version, int known) {
    return new Problem(
        "The storage file was written by a newer version of Assay.",
        path + ": schema version " + version + ", known up to " + known,
        "Use that version, or another file.");
  }
}
