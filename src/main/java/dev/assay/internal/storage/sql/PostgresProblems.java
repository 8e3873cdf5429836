package dev.assay.internal.storage.sql;

import dev.assay.problem.Problem;
import java.sql.SQLException;

/// PostgreSQL's errors in words. States:
/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
final class PostgresProblems {
  private PostgresProblems() {}

  private static String state(SQLException error) {
    var state = error.getSQLState();
    return state == null ? "" : state;
  }

  /// Whether what failed may succeed later with nothing changed but the database's surroundings: it
  /// starts again, the network is back, there is room, a lock is released.
  static boolean mayPass(Problem problem) {
    if (!(problem.getCause() instanceof SQLException error)) {
      return false;
    }
    var state = state(error);
    return switch (state) {
      case "08004" -> false; // refused, for good
      case "25006",
          "40001",
          "40P01",
          "55P03",
          "57014",
          "57P01",
          "57P02",
          "57P03",
          "57P05",
          "25P03" ->
          true;
      default -> state.startsWith("08") || state.startsWith("53") || state.startsWith("58");
    };
  }

  /// Whether nothing more can be said on the connection.
  static boolean breaksConnection(SQLException error) {
    var state = state(error);
    return state.startsWith("08") || state.startsWith("57P") || state.equals("25P03");
  }

  static Problem of(PostgresAddress address, SQLException error) {
    var state = state(error);
    return switch (state) {
      case "28P01", "28000", "08004" ->
          problem(
              "PostgreSQL refuses the user or the password.",
              address,
              error,
              "Give the right ones: postgresql://USER:PASSWORD@..., PGPASSWORD or ~/.pgpass.");
      case "3D000" ->
          problem(
              "PostgreSQL has no such database.",
              address,
              error,
              "Make it (createdb " + address.database() + "), or write the name of another one.");
      case "42501" ->
          problem(
              "PostgreSQL does not allow that to the user.",
              address,
              error,
              "As its owner: GRANT CREATE ON DATABASE "
                  + address.database()
                  + " TO "
                  + address.user()
                  + "; or let the owner of the schema "
                  + address.schema()
                  + " grant what it holds.");
      case "53100" ->
          problem(
              "The disk of PostgreSQL is full.",
              address,
              error,
              "Make room there and resume: what was told before is kept.");
      case "53300" ->
          problem(
              "PostgreSQL has no connection left.",
              address,
              error,
              "End others, or raise its max_connections: a process of Assay needs two.");
      case "25006" ->
          problem(
              "PostgreSQL only lets itself be read there.",
              address,
              error,
              "Write the address of the primary server.");
      case "42P01" ->
          problem(
              "Assay's tables are not there.",
              address,
              error,
              "Restore the schema " + address.schema() + ", or begin anew under another name.");
      default ->
          state.startsWith("08") || state.startsWith("57P")
              ? problem(
                  "PostgreSQL cannot be reached.",
                  address,
                  error,
                  "Look whether it runs there and lets this machine in: psql "
                      + address.toString().replaceAll("\\?.*", ""))
              : problem(
                  "PostgreSQL cannot do that.",
                  address,
                  error,
                  "Look at the message; what was told before is kept.");
    };
  }

  private static Problem problem(
      String what, PostgresAddress address, SQLException error, String mend) {
    return new Problem(
        what, address.user() + "@" + address.place() + ": " + message(error), mend, error);
  }

  /// In one line.
  private static String message(SQLException error) {
    return String.valueOf(error.getMessage()).replaceAll("\\s*\\R\\s*", " ").strip();
  }

  static Problem newer(PostgresAddress address, long version, int known) {
    return new Problem(
        "The tables were made by a newer version of Assay.",
        address.place()
            + ", schema "
            + address.schema()
            + ": version "
            + version
            + ", known up to "
            + known,
        "Use that version, or another schema: ?schema=NAME.");
  }
}
