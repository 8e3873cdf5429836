package dev.assay.cli;

import com.sun.net.httpserver.HttpHandler;
import dev.assay.device.BackendSelector;
import dev.assay.problem.Problem;
import dev.assay.sampler.PbtSampler;
import dev.assay.serve.AskTellHandler;
import dev.assay.serve.AskTellService;
import dev.assay.serve.LocalServer;
import dev.assay.serve.StdioServer;
import dev.assay.spec.Durations;
import dev.assay.spec.StudyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Lets a program in any language ask for trials and tell their outcomes.
@Command(name = "serve", description = "Ask and tell for programs in any language.")
final class ServeCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "FILE", description = "the study file")
  private Path file = Path.of("");

  @Option(names = "--stdio", description = "one JSON request a line on stdin, answers on stdout")
  private boolean stdio;

  @Option(names = "--port", paramLabel = "P", description = "the same over HTTP; 0: any free port")
  private @Nullable Integer port;

  @Option(names = "--bind", paramLabel = "ADDRESS", description = "where to listen (127.0.0.1)")
  private String bind = "127.0.0.1";

  @Option(
      names = "--token",
      paramLabel = "TEXT",
      description = "what clients must send as bearer token (ASSAY_TOKEN)")
  private @Nullable String token = System.getenv("ASSAY_TOKEN");

  @Option(
      names = "--allow-host",
      paramLabel = "NAME",
      split = ",",
      description = "the name of a proxy before it, with or without a port")
  private List<String> hosts = new ArrayList<>();

  @Option(
      names = "--lease",
      paramLabel = "10m",
      description = "a trial of which a client says nothing for so long goes to another client")
  private @Nullable String lease;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "change the study file")
  private List<String> settings = new ArrayList<>();

  @Option(names = "--storage", paramLabel = "URL", description = "sqlite:PATH, or memory:")
  private @Nullable String storage;

  ServeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (stdio == (port != null)) {
      throw new Problem(
          "Either standard input and output or a port is served.",
          "assay serve " + file,
          "Say --stdio, or --port 8080.");
    }
    var spec = StudyFile.read(file, settings);
    if (spec.sampler().name().equals(PbtSampler.NAME)) {
      throw new Problem(
          "Population based training cannot be served: clients know of no checkpoints to go on"
              + " from.",
          "sampler: pbt (" + spec.sampler().place() + ")",
          "Let `assay tune` start the programs, or serve another sampler.");
    }
    var patience = lease == null ? null : lease(lease);
    var location = StudyLocation.of(spec.name(), storage == null ? spec.storage() : storage);
    // No batch rule: a client that tells late must never make another wait.
    try (var opened = location.open();
        var study =
            Beginning.of(
                    spec,
                    opened,
                    Map.of("ask and tell", true),
                    new BackendSelector().gpEngine("auto"))
                .batch(0)
                .restarts(Integer.MAX_VALUE) // its clients outlive it
                .openOrCreate();
        var _ = location.control(study);
        var loss = Loss.of(study, console)) {
      var service = new AskTellService(study, spec.budget(), patience, spec.restarts());
      return loss.exitCode(port == null ? stdio(service) : http(service, port));
    }
  }

  /// Serves until the input ends, or somebody stops the study.
  private static int stdio(AskTellService service) throws IOException {
    try {
      StdioServer.serve(service, System.in, System.out);
      return ExitCode.DONE;
    } catch (InterruptedException e) {
      return ExitCode.INTERRUPTED;
    }
  }

  private static Duration lease(String text) {
    var lease = Durations.parse(text);
    if (!lease.isPositive()) {
      throw new Problem("A lease is longer than 0.", "--lease " + text, "Give one as 10m or 2h.");
    }
    return lease;
  }

  /// Serves until a signal comes.
  private int http(AskTellService service, int listening) {
    Map<String, HttpHandler> contexts = Map.of("/", new AskTellHandler(service));
    try (var _ = new Interruption(Thread.currentThread(), () -> {}, console);
        var server =
            LocalServer.start(LocalServer.address(bind), listening, token, hosts, contexts)) {
      console.note("Serving on " + server.url());
      new CountDownLatch(1).await();
      return ExitCode.DONE;
    } catch (InterruptedException e) {
      return ExitCode.INTERRUPTED;
    }
  }
}
