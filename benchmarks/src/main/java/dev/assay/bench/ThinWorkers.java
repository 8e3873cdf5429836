package dev.assay.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.assay.problem.Problem;
import dev.assay.remote.Crew;
import dev.assay.remote.CrewHandler;
import dev.assay.run.BuildInfo;
import dev.assay.serve.LocalServer;
import dev.assay.storage.Storage;
import dev.assay.trial.Budget;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Workers that are no more than their sockets, so that what is measured is what their owner needs:
/// each connects, asks for the study and joins, all at once, in the words of `assay work`.
final class ThinWorkers {
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final int TIMEOUT_MILLIS = 60_000;

  /// What was measured.
  ///
  /// @param seconds from the first connection until the last worker was taken in
  /// @param processorSeconds of this process in that time: mostly the owner's
  record Joined(double seconds, double processorSeconds) {}

  private ThinWorkers() {}

  /// Lets workers join at once.
  ///
  /// @throws Problem where one was not taken in
  static Joined join(Storage storage, int workers)
      throws IOException, InterruptedException, ExecutionException {
    var budget = Budget.trials(1);
    try (var study = HostedWorkers.study(storage).openOrCreate();
        var crew = new Crew(study, budget, 0, LEASE);
        var server =
            LocalServer.start(
                InetAddress.getLoopbackAddress(),
                0,
                null,
                Map.of(CrewHandler.PATH, new CrewHandler(crew)));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var sockets = new ArrayList<Socket>();
      for (int i = 0; i < workers; i++) {
        sockets.add(new Socket());
      }
      long processor = processorNanos();
      long start = System.nanoTime();
      var joining = new ArrayList<Future<Boolean>>();
      for (var socket : sockets) {
        joining.add(threads.submit(() -> join(socket, server.port())));
      }
      for (var future : joining) {
        future.get();
      }
      double seconds = (System.nanoTime() - start) * 1e-9;
      double processorSeconds = (processorNanos() - processor) * 1e-9;
      for (var socket : sockets) {
        socket.close();
      }
      if (crew.size() != workers) {
        throw new Problem(
            "A worker was not taken in.", crew.size() + " of " + workers, "Say so: it is a bug.");
      }
      return new Joined(seconds, processorSeconds);
    }
  }

  private static long processorNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static boolean join(Socket socket, int port) {
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      var in = new BufferedInputStream(socket.getInputStream());
      var said = say(socket, in, port, "study", "{}");
      var version = BuildInfo.current().version();
      if (!said.contains("\"version\":\"" + version + "\"")) {
        throw new IOException("no study was named: " + said);
      }
      var join =
          "{\"version\":\"%s\",\"machine\":{\"host\":\"thin\"},\"parallel\":1,\"holds\":[]}"
              .formatted(version);
      return say(socket, in, port, "join", join).contains("\"worker\":");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String say(Socket socket, InputStream in, int port, String name, String body)
      throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    var head =
        "POST %s%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(CrewHandler.PATH, name, port, bytes.length);
    var out = new ByteArrayOutputStream();
    out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(bytes);
    socket.getOutputStream().write(out.toByteArray());
    var status = line(in);
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException(name + " was answered with " + status);
    }
    int length = -1;
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring("content-length:".length()).strip());
      }
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection was closed after: " + line);
      }
      line.append((char) c);
    }
    return line.toString().strip();
  }
}
