package dev.assay.serve;

import dev.assay.problem.Problem;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// Ask and tell over two streams: one answer line for every input line, in order, flushed.
///
/// Lines are read ahead, so that it is known when each arrived while those before it are answered.
public final class StdioServer {
  /// Longer lines are read to their end, and refused.
  static final int LONGEST = 1 << 20;

  /// How many lines are read ahead at most.
  private static final int AHEAD = 64;

  private final AskTellSession session;
  private final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>(AHEAD);

  private StdioServer(AskTellSession session) {
    this.session = session;
  }

  /// What came in.
  private sealed interface Arrived {
    /// @param bytes null: there were too many
    record Line(byte @Nullable [] bytes, AskTellSession.Request request) implements Arrived {}

    /// @param error null: all is well
    record End(@Nullable Throwable error) implements Arrived {}
  }

  /// Serves one study until the input ends.
  ///
  /// @throws InterruptedException when this thread is interrupted; what was being answered is
  public static void serve(AskTellService service, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    serve(AskTellSession.of(service), in, out);
  }

  /// Serves until the input ends.
  ///
  /// @throws InterruptedException as above
  public static void serve(AskTellSession session, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    new StdioServer(session).run(in, out);
  }

  private void run(InputStream in, OutputStream out) throws IOException, InterruptedException {
    var reader = Thread.ofPlatform().daemon().name("assay-stdin").start(() -> read(in));
    try {
      while (true) {
        switch (arrived.take()) {
          case Arrived.Line(var bytes, var request) -> {
            try (request) {
              answer(request, bytes, out);
            }
          }
          case Arrived.End(var error) -> {
            if (error != null) {
              throw new IOException("The input cannot be read: " + error, error);
            }
            return;
          }
        }
      }
    } finally {
      reader.interrupt();
    }
  }

  private void read(InputStream in) {
    try {
      try {
        readLines(new BufferedInputStream(in));
        arrived.put(new Arrived.End(null));
      } catch (IOException | RuntimeException | Error e) {
        arrived.put(new Arrived.End(e));
      }
    } catch (InterruptedException e) {
      // Nobody answers any more.
    }
  }

  private void readLines(InputStream in) throws IOException, InterruptedException {
    var line = new ByteArrayOutputStream();
    boolean tooLong = false;
    for (int b = in.read(); ; b = in.read()) {
      if (b == '\n' || b < 0 && (line.size() > 0 || tooLong)) {
        arrived.put(new Arrived.Line(tooLong ? null : line.toByteArray(), session.arrive()));
        line.reset();
        tooLong = false;
      } else if (b >= 0 && line.size() < LONGEST) {
        line.write(b);
      } else {
        tooLong = true;
      }
      if (b < 0) {
        return;
      }
    }
  }

  private static void answer(
      AskTellSession.Request request, byte @Nullable [] line, OutputStream out) throws IOException {
    if (line == null) {
      send(
          Reply.error(
              new Problem("The line is too long.", "over 1 MiB", "Send one request a line.")),
          out);
      return;
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
    } catch (CharacterCodingException e) {
      send(
          Reply.error(
              new Problem(
                  "The line is not UTF-8.", line.length + " bytes", "Encode it as UTF-8.", e)),
          out);
      return;
    }
    var reply = request.reply(text);
    reply.deliver(() -> send(reply.json(), out));
  }

  private static void send(String json, OutputStream out) throws IOException {
    out.write((json + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
    if (out instanceof PrintStream stream && stream.checkError()) {
      throw new IOException("Nobody reads the answers.");
    }
  }
}
