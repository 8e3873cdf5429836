package dev.assay.serve;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// An HTTP server of this process, every context behind a [RequestGuard], a virtual thread for each
/// exchange.
public final class LocalServer implements AutoCloseable {
  private static final int BACKLOG = 1024;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final InetAddress address;

  private LocalServer(HttpServer server, InetAddress address) {
    this.server = server;
    this.address = address;
  }

  /// The address of a name.
  ///
  /// @throws Problem when there is none
  public static InetAddress address(String name) {
    try {
      return InetAddress.getByName(name);
    } catch (UnknownHostException e) {
      throw new Problem(
          "There is no such address.", name, "Give one of this machine: 127.0.0.1, 0.0.0.0.", e);
    }
  }

  /// A server without a proxy before it.
  ///
  /// @param port 0: any that is free
  /// @param token see [RequestGuard]
  /// @param contexts handlers by path prefix
  /// @throws Problem when the port is taken, or the address needs a token
  public static LocalServer start(
      InetAddress address, int port, @Nullable String token, Map<String, HttpHandler> contexts) {
    return start(address, port, token, List.of(), contexts);
  }

  /// Listens from now on.
  ///
  /// @param port 0: any that is free
  /// @param token see [RequestGuard]
  /// @param hosts names under which proxies offer it
  /// @param contexts handlers by path prefix
  /// @throws Problem when the port is taken, the address needs a token, or a host is no name
  public static LocalServer start(
      InetAddress address,
      int port,
      @Nullable String token,
      List<String> hosts,
      Map<String, HttpHandler> contexts) {
    if (port < 0 || port > 65535) {
      throw new Problem("There is no such port.", "port " + port, "Give one from 0 to 65535.");
    }
    settle();
    var guard = new RequestGuard(address, token, hosts);
    try {
      var server = HttpServer.create(new InetSocketAddress(address, port), BACKLOG);
      var local = new LocalServer(server, address);
      server.setExecutor(local.threads);
      contexts.forEach(
          (path, handler) -> server.createContext(path, handler).getFilters().add(guard));
      server.start();
      return local;
    } catch (IOException e) {
      throw new Problem(
          "The port cannot be listened on.",
          "port " + port + " of " + address.getHostAddress() + ": " + e.getMessage(),
          "Choose another one, or 0 for any that is free.",
          e);
    }
  }

  /// The server reads these once, when it is first used: small answers leave at once, a client that
  /// stops in the middle of a request loses its connection, and a silent one after some minutes. A
  /// thousand workers have two connections each.
  private static void settle() {
    Map.of(
            "sun.net.httpserver.nodelay", "true",
            "sun.net.httpserver.maxReqTime", "30",
            "sun.net.httpserver.idleInterval", "300",
            "sun.net.httpserver.maxIdleConnections", "10000")
        .forEach((key, value) -> {
          if (System.getProperty(key) == null) {
            System.setProperty(key, value);
          }
        });
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /// Where clients find it: `http://127.0.0.1:8080/`.
  public String url() {
    var host = address.getHostAddress();
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port() + "/";
  }

  @Override
  public void close() {
    server.stop(1);
    threads.close();
  }
}
