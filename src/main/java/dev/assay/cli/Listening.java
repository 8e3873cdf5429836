package dev.assay.cli;

import com.sun.net.httpserver.HttpHandler;
import dev.assay.serve.LocalServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a command that serves listens, and under which names it may be called.
final class Listening {
  @Option(names = "--bind", paramLabel = "ADDRESS", description = "where to listen (127.0.0.1)")
  private String bind = "127.0.0.1";

  @Option(
      names = "--allow-host",
      paramLabel = "NAME",
      split = ",",
      description = "the name of a proxy before it, with or without a port")
  private List<String> hosts = new ArrayList<>();

  /// Serves from now on.
  ///
  /// @param port 0: any that is free
  /// @param token what clients must know; null: nothing
  /// @param handlers by path
  LocalServer start(int port, @Nullable String token, Map<String, HttpHandler> handlers) {
    return LocalServer.start(LocalServer.address(bind), port, token, hosts, handlers);
  }
}
