package dev.assay.run.command;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Passes on what a program prints, line by line, without values that are not to be shown.
final class HidingStream extends FilterOutputStream {
  /// A longer line is passed on in pieces.
  private static final int LONGEST = 1 << 20;

  private final HiddenValues hidden;

  /// The line that is not ended yet.
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private HidingStream(OutputStream out, HiddenValues hidden) {
    super(out);
    this.hidden = hidden;
  }

  static OutputStream of(OutputStream out, HiddenValues hidden) {
    return hidden.isEmpty() ? out : new HidingStream(out, hidden);
  }

  @Override
  public void write(int b) throws IOException {
    line.write(b);
    if (b == '\n' || b == '\r' || line.size() >= LONGEST) {
      pass();
    }
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    for (int i = from; i < from + count; i++) {
      write(bytes[i]);
    }
  }

  /// Passes on what there is, a line that is not ended too.
  void pass() throws IOException {
    // Bytes as characters: what is no text goes through unchanged.
    var text = line.toString(StandardCharsets.ISO_8859_1);
    line.reset();
    for (var value : hidden.names().entrySet()) {
      text = text.replace(latin(value.getKey()), latin(value.getValue()));
    }
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String latin(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    pass();
    super.close();
  }
}
