package dev.assay.serve;

import dev.assay.problem.Problem;
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
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Ask and tell over two streams: one answer line for every input line, in order, flushed.
///
/// Each line is answered by the thread that read it: handing it to another would cost more than
/// most answers do. Where trials are leased lines are read ahead instead, so that it is known when
/// each arrived while those before it are answered.
public final class StdioServer {
  /// Longer lines are read to their end, and refused.
  static final int LONGEST = 1 << 20;

  /// How many lines are read ahead at most.
  private static final int AHEAD = 64;

  private final AskTellSession session;
  private final InputStream in;
  private final OutputStream out;
  private final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>(AHEAD);

  /// Held while a line is answered by whoever read it.
  private final ReentrantLock answering = new ReentrantLock();

  /// Guarded by [#answering].
  private boolean ended;

  private StdioServer(AskTellSession session, InputStream in, OutputStream out) {
    this.session = session;
    this.in = in;
    this.out = out;
  }

  /// What came in.
  private sealed interface Arrived {
    /// @param bytes null: there were too many
    record Line(byte @Nullable [] bytes, AskTellSession.Request request) implements Arrived {}

    /// @param error null: all is well
    record End(@Nullable IOException error) implements Arrived {}
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
    new StdioServer(session, in, out).run();
  }

  private void run() throws IOException, InterruptedException {
    var reader = Thread.ofPlatform().daemon().name("assay-stdin").start(this::read);
    try {
      while (true) {
        switch (arrived.take()) {
          case Arrived.Line line -> answer(line);
          case Arrived.End(var error) -> {
            if (error != null) {
              throw error;
            }
            return;
          }
        }
      }
    } finally {
      reader.interrupt();
      answering.lock(); // what is being answered is
      ended = true;
      answering.unlock();
    }
  }

  private void read() {
    try {
      try {
        readLines();
        arrived.put(new Arrived.End(null));
      } catch (IOException e) {
        arrived.put(new Arrived.End(e));
      } catch (RuntimeException | Error e) {
        arrived.put(new Arrived.End(new IOException("The service failed: " + e, e)));
      }
    } catch (InterruptedException e) {
      // Nobody answers any more.
    }
  }

  private void readLines() throws IOException, InterruptedException {
    var buffer = new byte[1 << 13];
    var line = new ByteArrayOutputStream();
    boolean tooLong = false;
    boolean ahead = false;
    for (int n = more(buffer); n >= 0; n = more(buffer)) {
      int from = 0;
      for (int to = 0; to < n; to++) {
        if (buffer[to] == '\n') {
          tooLong |= !isAdded(line, buffer, from, to);
          ahead |= session.isLeased();
          arrive(tooLong ? null : line.toByteArray(), ahead);
          line.reset();
          tooLong = false;
          from = to + 1;
        }
      }
      tooLong |= !isAdded(line, buffer, from, n);
    }
    if (line.size() > 0 || tooLong) {
      arrive(tooLong ? null : line.toByteArray(), ahead);
    }
  }

  private int more(byte[] buffer) throws IOException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw new IOException("The input cannot be read: " + e, e);
    }
  }

  private static boolean isAdded(ByteArrayOutputStream line, byte[] bytes, int from, int to) {
    boolean fits = line.size() + to - from <= LONGEST;
    if (fits) {
      line.write(bytes, from, to - from);
    }
    return fits;
  }

  private void arrive(byte @Nullable [] bytes, boolean ahead)
      throws IOException, InterruptedException {
    var line = new Arrived.Line(bytes, session.arrive());
    if (ahead) {
      arrived.put(line);
      return;
    }
    answering.lock();
    try {
      if (!ended) {
        answer(line);
      }
    } finally {
      answering.unlock();
    }
  }

  private void answer(Arrived.Line line) throws IOException {
    try (var request = line.request()) {
      answer(request, line.bytes(), out);
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
