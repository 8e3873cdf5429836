package dev.assay.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/// The clients of [ServingCommand], in a process of their own: each a thread with one kept
/// connection, which asks, tells, and asks again. HTTP is spoken by hand, so that the two cores are
/// spent on the service and not on a client library.
///
/// Arguments: port, clients, pairs in all. Prints a line for each pair: the trial's id and the
/// microseconds that its ask and its tell took, from before a request was sent until its answer was
/// read.
final class ServingClients {
  private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");
  private static final Pattern LENGTH =
      Pattern.compile("content-length: *(\\d+)", Pattern.CASE_INSENSITIVE);

  private ServingClients() {}

  /// @param id of the trial
  private record Pair(int id, double askMicros, double tellMicros) {}

  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    int port = Integer.parseInt(args[0]);
    int clients = Integer.parseInt(args[1]);
    int pairs = Integer.parseInt(args[2]);
    run(port, clients, Math.max(clients, pairs / 10)); // both sides are compiled then
    var lines = new StringBuilder();
    for (var pair : run(port, clients, pairs)) {
      lines.append(
          String.format(
              Locale.ROOT, "%d %.1f %.1f%n", pair.id(), pair.askMicros(), pair.tellMicros()));
    }
    System.out.print(lines);
  }

  private static List<Pair> run(int port, int clients, int count)
      throws InterruptedException, ExecutionException {
    try (var threads = Executors.newFixedThreadPool(clients)) {
      var tasks = new ArrayList<Callable<List<Pair>>>();
      for (int c = 0; c < clients; c++) {
        int own = count / clients + (c < count % clients ? 1 : 0);
        tasks.add(() -> client(port, own));
      }
      var all = new ArrayList<Pair>();
      for (var task : threads.invokeAll(tasks)) {
        all.addAll(task.get());
      }
      return all;
    }
  }

  private static List<Pair> client(int port, int count) throws IOException {
    var pairs = new ArrayList<Pair>();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      var answers = new BufferedInputStream(socket.getInputStream());
      for (int i = 0; i < count; i++) {
        long start = System.nanoTime();
        var asked = post(socket, answers, "{\"ask\": 1}");
        long between = System.nanoTime();
        var id = ID.matcher(asked);
        if (!id.find()) {
          throw new IOException("no trial: " + asked);
        }
        int number = Integer.parseInt(id.group(1));
        var tell = "{\"tell\": {\"id\": " + number + ", \"values\": {\"loss\": 0.5}}}";
        long before = System.nanoTime();
        post(socket, answers, tell);
        long end = System.nanoTime();
        pairs.add(new Pair(number, (between - start) * 1e-3, (end - before) * 1e-3));
      }
    }
    return pairs;
  }

  private static String post(Socket socket, InputStream answers, String body) throws IOException {
    var request =
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    var head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      int next = answers.read();
      if (next < 0) {
        throw new IOException("the service closed the connection");
      }
      head.append((char) next);
    }
    var length = LENGTH.matcher(head);
    if (!head.toString().startsWith("HTTP/1.1 200 ") || !length.find()) {
      throw new IOException("refused: " + head);
    }
    return new String(
        answers.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8);
  }
}
