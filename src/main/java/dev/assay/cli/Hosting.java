package dev.assay.cli;

import com.sun.net.httpserver.HttpHandler;
import dev.assay.internal.sampler.population.PbtSampler;
import dev.assay.problem.Problem;
import dev.assay.remote.CrewHandler;
import dev.assay.remote.HostedRunner;
import dev.assay.run.Machine;
import dev.assay.run.TrialRunner;
import dev.assay.serve.LocalServer;
import dev.assay.ship.Manifest;
import dev.assay.spec.Durations;
import dev.assay.spec.StudyFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How a command that runs a study lets workers of other machines join over HTTP.
final class Hosting {
  /// How long a worker may give no sign, where nothing is said.
  static final Duration LEASE = Duration.ofSeconds(60);

  @Option(
      names = "--listen",
      paramLabel = "[ADDRESS:]PORT",
      description = "let workers join: assay work http://HOST:PORT (127.0.0.1; 0: any free port)")
  private @Nullable String listen;

  @Option(
      names = "--token",
      paramLabel = "TEXT",
      description = "what workers must send, needed where others can reach it (ASSAY_TOKEN)")
  private @Nullable String token = System.getenv("ASSAY_TOKEN");

  @Option(
      names = "--lease",
      paramLabel = "60s",
      description = "a worker that gives no sign for so long loses its trials to others")
  private @Nullable String lease;

  @Mixin private final Placing placing = new Placing();

  /// Whether workers may join.
  boolean isWanted() {
    return listen != null || placing.isWanted();
  }

  /// Whether this process runs none of the trials itself.
  ///
  /// @param parallel as the command line says it; null: nothing was said
  boolean runsElsewhere(@Nullable Integer parallel) {
    return placing.isWanted() || parallel != null && parallel == 0;
  }

  /// What runs trials here, and, where that is wanted, on workers.
  ///
  /// @param shipped the files that travel with it
  /// @param parallel as the command line says it; null: nothing was said
  /// @param log where those who place workers write theirs
  /// @throws Problem for an address that cannot be listened at, or a study that cannot be shared so
  TrialRunner around(
      TrialRunner own,
      StudyFile spec,
      @Nullable Manifest shipped,
      @Nullable Integer parallel,
      Path log,
      Console console) {
    placing.check();
    if (!isWanted()) {
      if (parallel != null && parallel == 0) {
        throw new Problem(
            "Nobody would run a trial.",
            "--parallel 0",
            "Say --listen PORT beside it and start workers, or run at least one at once.");
      }
      return own;
    }
    refuseCheckpointsOfOthers(
        spec,
        "Keep the study in PostgreSQL and the checkpoints on a shared disk"
            + " (docs/many-machines.md), or choose another sampler.");
    var placed =
        placing.isWanted()
            ? placing.prepared(spec, parallel == null ? spec.parallel() : parallel, log)
            : null;
    var said = listen == null ? "0.0.0.0:0" : listen;
    int colon = said.lastIndexOf(':');
    var address = LocalServer.address(colon < 0 ? "127.0.0.1" : host(said.substring(0, colon)));
    int port = port(said.substring(colon + 1));
    var secret = token == null && placed != null ? Placing.newToken() : token;
    return new HostedRunner(
        own,
        spec.restarts(),
        lease == null ? LEASE : lease(lease),
        Shipping.byContent(spec, shipped),
        handler -> {
          var paths = Map.<String, HttpHandler>of(CrewHandler.PATH, handler);
          var server = LocalServer.start(address, port, secret, List.of(), paths);
          var where = address.isAnyLocalAddress() ? Machine.host() : null;
          if (placed != null) {
            return placed.start(
                server, where == null ? server.url() : null, String.valueOf(secret), console);
          }
          console.note(
              "Workers join: assay work "
                  + (where == null ? server.url() : "http://" + where + ":" + server.port() + "/"));
          return server::close;
        });
  }

  /// @param mend how members of a population can be on several machines after all
  static void refuseCheckpointsOfOthers(StudyFile spec, String mend) {
    if (spec.sampler().name().equals(PbtSampler.NAME)) {
      throw new Problem(
          "Workers over HTTP know of no checkpoints of others to go on from.",
          "sampler: pbt (" + spec.sampler().place() + ")",
          mend);
    }
  }

  private static String host(String text) {
    return text.startsWith("[") && text.endsWith("]")
        ? text.substring(1, text.length() - 1)
        : text.isEmpty() ? "0.0.0.0" : text;
  }

  private int port(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new Problem(
          "That is nowhere to listen.",
          "--listen " + listen,
          "Give a port, or an address and a port: 0.0.0.0:8080.",
          e);
    }
  }

  /// @throws Problem for what is no time, or none in which a worker can give a sign
  static Duration lease(String text) {
    var lease = Durations.parse(text);
    if (lease.compareTo(Duration.ofMillis(100)) < 0) {
      throw new Problem(
          "A lease must leave time for signs of life.", "--lease " + text, "Give 10s or more.");
    }
    return lease;
  }
}
