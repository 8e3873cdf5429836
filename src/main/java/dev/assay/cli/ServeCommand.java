package dev.assay.cli;

import dev.assay.problem.Problem;
import dev.assay.serve.AskTellHandler;
import dev.assay.serve.AskTellService;
import dev.assay.serve.AskTellSession;
import dev.assay.serve.StdioServer;
import dev.assay.spec.Durations;
import dev.assay.spec.StudyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Lets a program in any language ask for trials and tell their outcomes.
@Command(name = "serve", description = "Ask and tell for programs in any language.")
final class ServeCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "the study file; without one, the client on --stdio names the study")
  private @Nullable Path file;

  @Option(names = "--stdio", description = "one JSON request a line on stdin, answers on stdout")
  private boolean stdio;

  @Option(names = "--port", paramLabel = "P", description = "the same over HTTP; 0: any free port")
  private @Nullable Integer port;

  @Mixin private final Listening listening = new Listening();

  @Option(
      names = "--token",
      paramLabel = "TEXT",
      description = "what clients must send as bearer token (ASSAY_TOKEN)")
  private @Nullable String token = System.getenv("ASSAY_TOKEN");

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
          "assay serve " + (file == null ? "" : file),
          "Say --stdio, or --port 8080.");
    }
    var patience = lease == null ? null : lease(lease);
    if (file == null) {
      if (port != null) {
        throw new Problem(
            "Over HTTP one study is served, which the command has to name.",
            "assay serve --port " + port,
            "Name its study file: assay serve study.yaml --port " + port + ".");
      }
      return named(patience);
    }
    var spec = StudyFile.read(file, settings);
    ServedStudy.check(spec);
    try (var study = ServedStudy.open(spec, storage, patience, console)) {
      int code =
          port == null ? stdio(AskTellSession.of(study.service())) : http(study.service(), port);
      return study.exitCode(code);
    }
  }

  /// Serves studies that the client names.
  private int named(@Nullable Duration patience) throws IOException {
    var last = new AtomicReference<@Nullable ServedStudy>();
    AskTellSession.Opener opener =
        text -> {
          var spec = StudyFile.parseAsked(Path.of("study.json"), text, settings);
          ServedStudy.check(spec);
          return () -> {
            var study = ServedStudy.open(spec, storage, patience, console);
            last.set(study);
            return study;
          };
        };
    try (var session = new AskTellSession(opener)) {
      int code = stdio(session);
      var study = last.get();
      return study == null ? code : study.exitCode(code);
    }
  }

  /// Serves until the input ends, or somebody stops the study.
  private static int stdio(AskTellSession session) throws IOException {
    try {
      StdioServer.serve(session, System.in, System.out);
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
  private int http(AskTellService service, int at) {
    try (var _ = new Interruption(Thread.currentThread(), () -> {}, console);
        var server = listening.start(at, token, new AskTellHandler(service))) {
      console.note("Serving on " + server.url());
      new CountDownLatch(1).await();
      return ExitCode.DONE;
    } catch (InterruptedException e) {
      return ExitCode.INTERRUPTED;
    }
  }
}
