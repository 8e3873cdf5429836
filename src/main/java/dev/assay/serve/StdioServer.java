package dev.assay.serve;

import dev.assay.problem.Problem;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Ask and tell over two streams: one answer line for every input line, in order, flushed.
public final class StdioServer {
  /// Longer lines are read to their end, and refused.
  static final int LONGEST = 1 << 20;

  private StdioServer() {}

  /// Serves until the input ends.
  public static void serve(AskTellService service, InputStream in, OutputStream out)
      throws IOException {
    var input = new BufferedInputStream(in);
    var line = new ByteArrayOutputStream();
    boolean tooLong = false;
    for (int b = input.read(); ; b = input.read()) {
      if (b == '\n' || b < 0 && (line.size() > 0 || tooLong)) {
        out.write(answer(service, line.toByteArray(), tooLong).getBytes(StandardCharsets.UTF_8));
        out.write('\n');
        out.flush();
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

  private static String answer(AskTellService service, byte[] line, boolean tooLong) {
    if (tooLong) {
      return AskTellService.error(
          new Problem("The line is too long.", "over 1 MiB", "Send one request a line."));
    }
    try {
      return service.answer(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString());
    } catch (CharacterCodingException e) {
      return AskTellService.error(
          new Problem("The line is not UTF-8.", line.length + " bytes", "Encode it as UTF-8.", e));
    }
  }
}
