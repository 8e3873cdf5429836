package dev.assay.run.command;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Passes on what a program prints, line by line, without values that are not to be shown.
final class HidingStream extends FilterOutputStream {
  /// A longer line is passed on in pieces.
  private static final int LONGEST = 1 << 20;

  /// What is shown in place of what, bytes as characters: what is no text goes through unchanged.
  private final Map<String, String> shown = new LinkedHashMap<>();

  /// The line that is not ended yet.
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private HidingStream(OutputStream out, HiddenValues hidden) {
    super(out);
    hidden.names().forEach((value, name) -> shown.put(latin(value), latin(name)));
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
  private void pass() throws IOException {
    var text = line.toString(StandardCharsets.ISO_8859_1);
    line.reset();
    for (var value : shown.entrySet()) {
      text = text.replace(value.getKey(), value.getValue());
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
