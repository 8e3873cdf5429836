package dev.assay.cli;

import com.sun.net.httpserver.HttpHandler;
import dev.assay.problem.Problem;
import dev.assay.remote.CrewHandler;
import dev.assay.serve.AskTellHandler;
import dev.assay.serve.AskTellSession;
import dev.assay.serve.SocketServer;
import dev.assay.serve.StdioServer;
import dev.assay.serve.StudiesHandler;
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
import java.util.function.Supplier;
import java.util.stream.Stream;
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
      description = "the study file; without one, clients name their studies")
  private @Nullable Path file;

  @Option(names = "--stdio", description = "one JSON request a line on stdin, answers on stdout")
  private boolean stdio;

  @Option(names = "--port", paramLabel = "P", description = "the same over HTTP; 0: any free port")
  private @Nullable Integer port;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description = "the lines of --stdio at a Unix socket, for this user's processes")
  private @Nullable Path socket;

  @Option(
      names = "--studies",
      paramLabel = "DIR",
      description = "with --port and without FILE: clients name studies, which are kept in DIR")
  private @Nullable Path studies;

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

  @Option(
      names = "--storage",
      paramLabel = "URL",
      description = "sqlite:PATH, postgresql://USER@HOST/DB, or memory:")
  private @Nullable String storage;

  ServeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    check();
    var patience = lease == null ? null : lease(lease);
    if (file == null) {
      return named(new NamedStudies(settings, storage, studies, patience, console));
    }
    var spec = StudyFile.read(file, settings);
    ServedStudy.check(spec);
    try (var study = ServedStudy.open(spec, storage, patience, console)) {
      Supplier<AskTellSession> sessions = () -> AskTellSession.of(study.service());
      int code =
          port != null
              ? http(
                  Map.of(
                      "/", new AskTellHandler(study.service()), CrewHandler.PATH, study.workers()),
                  port,
                  study::dismissWorkers)
              : socket != null ? socket(sessions, socket) : stdio(sessions.get());
      return study.exitCode(code);
    }
  }

  private void check() {
    if (Stream.of(stdio, port != null, socket != null).filter(chosen -> chosen).count() != 1) {
      throw new Problem(
          "Standard input and output, a port or a socket is served.",
          "assay serve " + (file == null ? "" : file),
          "Say --stdio, --port 8080 or --socket PATH.");
    }
    if (file == null && port != null && studies == null) {
      throw new Problem(
          "Over HTTP one study is served, which the command has to name, or those that clients"
              + " name.",
          "assay serve --port " + port,
          "Name its study file: assay serve study.yaml --port "
              + port
              + "; or say --studies DIR, where clients may have studies of their own.");
    }
    if (studies != null && (file != null || port == null || storage != null)) {
      throw new Problem(
          "--studies is for clients that name their studies over HTTP.",
          "--studies " + studies,
          "Say --port 8080 beside it, and neither a study file nor --storage.");
    }
  }

  /// Serves studies that clients name.
  private int named(NamedStudies opener) throws IOException {
    if (port != null) {
      try (var handler = new StudiesHandler(opener)) {
        return opener.exitCode(http(Map.of("/", handler), port, () -> {}));
      }
    }
    if (socket != null) {
      return opener.exitCode(socket(() -> new AskTellSession(opener), socket));
    }
    try (var session = new AskTellSession(opener)) {
      int code = stdio(session);
      session.close();
      return opener.exitCode(code);
    }
  }

  /// Serves until a signal comes, or somebody stops the study.
  private int socket(Supplier<AskTellSession> sessions, Path at) {
    try (var _ = new Interruption(Thread.currentThread(), () -> {}, console);
        var _ = SocketServer.start(at, sessions)) {
      console.note("Serving on unix:" + at.toAbsolutePath().normalize());
      new CountDownLatch(1).await();
      return ExitCode.DONE;
    } catch (InterruptedException e) {
      return ExitCode.INTERRUPTED;
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
  ///
  /// @param farewell what is said to clients before the end
  private int http(Map<String, HttpHandler> handlers, int at, Runnable farewell) {
    try (var _ = new Interruption(Thread.currentThread(), () -> {}, console);
        var server = listening.start(at, token, handlers)) {
      console.note("Serving on " + server.url());
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        farewell.run();
        return ExitCode.INTERRUPTED;
      }
      return ExitCode.DONE;
    }
  }
}
