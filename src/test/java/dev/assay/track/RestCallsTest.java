package dev.assay.track;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Servers that are none: whatever they answer, a call ends and keeps little of it.
@Timeout(120)
class RestCallsTest {
  private static final String HEAD = "HTTP/1.1 200 OK\r\n";

  /// What a server says to whoever calls.
  private interface Answer {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  static Stream<Arguments> servers() {
    return Stream.of(
        server("never answers", "no answer in time", out -> forever()),
        server(
            "begins a body and leaves it",
            "no answer in time",
            out -> {
              say(out, HEAD + "Content-Length: 100\r\n\r\n{");
              forever();
            }),
        server(
            "sends a body without an end",
            "cannot be used",
            out -> {
              say(out, HEAD + "\r\n{");
              while (true) {
                say(out, "a".repeat(1000));
              }
            }),
        server("speaks no HTTP", "cannot be used", out -> say(out, "\0\1\33[31m\7 hello\r\n\r\n")),
        server("hangs up", "cannot be used", out -> {}),
        server(
            "shows a page",
            "not answered in JSON",
            out -> say(out, HEAD + "Content-Length: 6\r\n\r\n<html>")),
        server(
            "is broken",
            "answered with 500: o ops",
            out -> say(out, "HTTP/1.1 500 no\r\nContent-Length: 5\r\n\r\no\7ops")),
        server(
            "is broken at length",
            "answered with 500: xxx",
            out -> say(out, "HTTP/1.1 500 no\r\nContent-Length: 9000\r\n\r\n" + "x".repeat(9000))));
  }

  private static Arguments server(String name, String message, Answer answer) {
    return Arguments.of(name, message, answer);
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /// Until the test ends the thread.
  private static void forever() throws InterruptedException {
    new CountDownLatch(1).await();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("servers")
  void aCallEndsWithWordsThatATerminalCanShow(String name, String message, Answer answer)
      throws Exception {
    boolean slow = message.contains("in time");
    var patience = slow ? Duration.ofMillis(300) : Duration.ofMinutes(1);
    try (var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var thread = Thread.ofVirtual().start(() -> serve(socket, answer));
      var base = "http://127.0.0.1:" + socket.getLocalPort() + "/";
      try (var calls = new RestCalls(base, "", patience, 20_000)) {
        assertThatThrownBy(() -> calls.post("runs/search", Map.of()))
            .isInstanceOf(IOException.class)
            .hasMessageContaining(message)
            .hasMessageMatching("\\P{Cntrl}{1,500}");
      } finally {
        thread.interrupt();
      }
    }
  }

  private static void serve(ServerSocket socket, Answer answer) {
    while (!Thread.currentThread().isInterrupted()) {
      try (Socket client = socket.accept()) {
        client.getInputStream().read(new byte[4096]);
        answer.write(client.getOutputStream());
      } catch (IOException e) {
        if (socket.isClosed()) {
          return;
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
