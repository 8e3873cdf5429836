package dev.assay.serve;

import dev.assay.files.OwnerOnly;
import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Ask and tell over a Unix domain socket, which its owner alone may connect to: on each connection
/// the lines of [StdioServer], with a session of its own, side by side.
public final class SocketServer implements AutoCloseable {
  private static final Logger LOG = Log.of(SocketServer.class);

  private final ServerSocketChannel server;
  private final Path path;
  private final @Nullable Object key;
  private final Supplier<AskTellSession> sessions;
  private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  private SocketServer(ServerSocketChannel server, Path path, Supplier<AskTellSession> sessions)
      throws IOException {
    this.server = server;
    this.path = path;
    this.sessions = sessions;
    key = attributes(path).fileKey();
  }

  /// Listens from now on. A socket that nobody listens at any more is replaced.
  ///
  /// @param sessions one for each connection
  /// @throws Problem where somebody listens there, something else is there, or no socket can be
  public static SocketServer start(Path path, Supplier<AskTellSession> sessions) {
    var at = path.toAbsolutePath().normalize();
    try {
      requireFree(at);
      var started = new SocketServer(bind(at), at, sessions);
      Thread.ofVirtual().name("assay-socket").start(started::accept);
      return started;
    } catch (IOException | UnsupportedOperationException e) {
      throw new Problem(
          "The socket cannot be listened on.",
          at + ": " + e.getMessage(),
          "Choose a path of at most some 70 bytes in a directory of yours, or serve with --port.",
          e);
    }
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static void requireFree(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!attributes(path).isOther()) {
      throw new Problem(
          "There is something that is no socket.", path.toString(), "Choose another path.");
    }
    SocketChannel other;
    try {
      other = SocketChannel.open(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      LOG.debug("Nobody listens at {}: it is replaced.", path);
      return;
    }
    other.close();
    throw new Problem(
        "Somebody serves there already.",
        path.toString(),
        "Connect to it, or choose another path.");
  }

  /// Nobody else can connect at any moment: the socket is made in a directory that only its owner
  /// may enter, and moved to its place with its permissions.
  private static ServerSocketChannel bind(Path path) throws IOException {
    var parent = Objects.requireNonNull(path.getParent(), "a socket has a directory");
    OwnerOnly.directories(parent);
    var hidden = OwnerOnly.directories(parent.resolve(".a" + ProcessHandle.current().pid()));
    var made = hidden.resolve("s");
    ServerSocketChannel server = null;
    try {
      Files.deleteIfExists(made);
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(made));
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
      Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
      return server;
    } catch (IOException | RuntimeException e) {
      if (server != null) {
        server.close();
      }
      throw e;
    } finally {
      Files.deleteIfExists(made);
      Files.deleteIfExists(hidden);
    }
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        var connection = server.accept();
        connections.add(connection);
        threads.add(
            Thread.ofPlatform().daemon().name("assay-client").start(() -> talk(connection)));
      } catch (IOException e) {
        if (server.isOpen()) {
          LOG.warn("A client could not be accepted: {}", e.toString());
        }
      }
    }
  }

  private void talk(SocketChannel connection) {
    try (connection;
        var session = sessions.get()) {
      StdioServer.serve(
          session, Channels.newInputStream(connection), Channels.newOutputStream(connection));
    } catch (IOException e) {
      LOG.debug("A client has gone: {}", e.toString());
    } catch (InterruptedException e) {
      // The service ends.
    } finally {
      connections.remove(connection);
      threads.remove(Thread.currentThread());
    }
  }

  /// Ends every connection, and waits until what was being answered is.
  @Override
  public void close() {
    try {
      server.close();
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
          && Objects.equals(attributes(path).fileKey(), key)) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      LOG.warn("The socket {} is left behind: {}", path, e.toString());
    }
    for (var connection : connections) {
      try {
        connection.shutdownInput();
      } catch (IOException e) {
        LOG.debug("A client has gone: {}", e.toString());
      }
    }
    try {
      for (var thread : threads) {
        thread.join(2000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
