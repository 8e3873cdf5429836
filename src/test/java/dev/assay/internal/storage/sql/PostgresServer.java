package dev.assay.internal.storage.sql;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/// A PostgreSQL server for tests, of the binaries that the build brings along. All tests share one,
/// each with schemas of its own; a test that kills its server starts another.
///
/// Where none can be started, tests are skipped and say why.
public final class PostgresServer implements AutoCloseable {
  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  /// Its programs end by themselves before that, with a reason; on a busy machine recovery takes
  /// minutes.
  private static final int LONGEST_SECONDS = 600;

  private static @Nullable PostgresServer shared;
  private static @Nullable String reason;

  private final Path binaries;
  private final Path data;
  private final int port;

  private PostgresServer(Path binaries, Path data, int port) {
    this.binaries = binaries;
    this.data = data;
    this.port = port;
  }

  /// The server of all tests.
  public static synchronized PostgresServer shared() {
    if (reason != null) {
      abort(reason);
    }
    if (shared == null) {
      try {
        shared = start();
        var server = shared;
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      } catch (IOException e) {
        reason = "no PostgreSQL can be started here: " + e.getMessage();
        abort(reason);
      }
    }
    return shared;
  }

  /// A server of one's own.
  ///
  /// @throws IOException when that is impossible here
  public static PostgresServer start() throws IOException {
    var binaries = unpacked();
    var data = Files.createTempDirectory("assay-postgres");
    var server = new PostgresServer(binaries, data, freePort());
    server.run(
        "initdb",
        "-D",
        data + "/data",
        "-A",
        "trust",
        "-U",
        "assay",
        "--no-sync",
        "-E",
        "UTF8",
        "--no-locale");
    // Of two kinds of users one has to say a password.
    Files.writeString(
        data.resolve("data/pg_hba.conf"),
        "host all guarded 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n");
    server.begin();
    return server;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// Unpacks the binaries, once for all builds.
  private static synchronized Path unpacked() throws IOException {
    var directory = Path.of("target", "postgres").toAbsolutePath();
    if (Files.exists(directory.resolve("whole"))) {
      return directory.resolve("bin");
    }
    Files.createDirectories(directory);
    try (var archive = PostgresServer.class.getResourceAsStream(ARCHIVE)) {
      if (archive == null || !"amd64".equals(System.getProperty("os.arch"))) {
        throw new IOException("the build brings no binaries along for this system");
      }
      var tar =
          new ProcessBuilder("tar", "-x", "-C", directory.toString())
              .redirectErrorStream(true)
              .start();
      try (var in = new XZInputStream(archive);
          var out = tar.getOutputStream()) {
        in.transferTo(out);
      }
      require(tar, "tar");
    }
    Files.createFile(directory.resolve("whole"));
    return directory.resolve("bin");
  }

  private static void require(Process process, String name) throws IOException {
    try {
      var said = new String(process.getInputStream().readAllBytes());
      if (!process.waitFor(LONGEST_SECONDS + 30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(name + " does not end: " + said.strip());
      }
      if (process.exitValue() != 0) {
        throw new IOException(name + " failed: " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /// The server refuses to be root: in a name space of its own it is nobody.
  private void run(String program, String... arguments) throws IOException {
    var command = new ArrayList<String>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("unshare", "--user"));
    }
    command.add(binaries.resolve(program).toString());
    command.addAll(List.of(arguments));
    var said = data.resolve("said").toFile(); // no pipe: the server would keep it open
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said).start();
    try {
      require(process, program);
    } catch (IOException e) {
      throw new IOException(e.getMessage() + Files.readString(said.toPath()).strip(), e);
    }
  }

  /// Starts it, again after [#kill]. It is on the same port with the same data.
  public void begin() {
    try {
      run(
          "pg_ctl",
          "-D",
          data + "/data",
          "-l",
          data + "/log",
          "-w",
          "-t",
          Integer.toString(LONGEST_SECONDS),
          "-o",
          "-p "
              + port
              + " -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
              + " -c shared_buffers=16MB -c max_wal_size=64MB",
          "start");
    } catch (IOException e) {
      throw new UncheckedIOException(new IOException(e.getMessage() + "\n" + lastWords(), e));
    }
  }

  private String lastWords() {
    try {
      var lines = Files.readAllLines(data.resolve("log"));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// Kills the server and everything of it, without a chance to write anything.
  public void kill() {
    try {
      var pid = Long.parseLong(Files.readAllLines(data.resolve("data/postmaster.pid")).getFirst());
      var main = ProcessHandle.of(pid).orElseThrow();
      // First what starts others: one that began meanwhile would go on with the same memory.
      require(new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start(), "kill");
      var all = new ArrayList<>(main.descendants().toList());
      all.add(main);
      all.forEach(ProcessHandle::destroyForcibly);
      for (var one : all) {
        one.onExit().join();
      }
      Files.deleteIfExists(data.resolve("data/postmaster.pid"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  /// The URL of a storage of its own.
  public String url() {
    return url("t" + ProcessHandle.current().pid() + "_" + SCHEMAS.incrementAndGet());
  }

  /// The URL of a storage.
  public String url(String schema) {
    return "postgresql://assay@127.0.0.1:" + port + "/postgres?schema=" + schema;
  }

  /// Runs a statement in a storage's schema.
  public static void execute(String url, String sql) throws SQLException {
    try (var connection = new PostgresDatabase(address(url)).connect()) {
      SqlDatabase.execute(connection, sql);
    }
  }

  /// The number that a query gives, in a storage's schema.
  public static long number(String url, String query) throws SQLException {
    try (var connection = new PostgresDatabase(address(url)).connect()) {
      return SqlDatabase.number(connection, query);
    }
  }

  private static PostgresAddress address(String url) {
    return ((StorageUrl.Postgres) StorageUrl.parse(url)).address();
  }

  @Override
  public void close() {
    try {
      run("pg_ctl", "-D", data + "/data", "-m", "immediate", "-w", "stop");
    } catch (IOException e) {
      // Killed already.
    }
    try (var files = Files.walk(data)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      System.err.println("Left behind: " + data);
    }
  }
}
