package dev.assay.train;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.assay.internal.words.Log;
import dev.assay.problem.Problem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slf4j.Logger;

/// How the text of a CSV file is written: UTF-8, or UTF-16 with a byte order mark, or else
/// Windows-1252, which is said; cells parted by commas, or by the semicolons, tabs or bars that the
/// header has more of.
final class CsvText {
  private static final Logger LOG = Log.of(CsvText.class);
  private static final Charset WESTERN = Charset.forName("windows-1252");

  /// As much as a header has at most.
  private static final int HEAD = 1 << 16;

  /// What makes something of a file's rows.
  interface Reading<T> {
    /// @param separator of the cells
    T of(Iterable<CsvRecord> rows, char separator);
  }

  private CsvText() {}

  /// @param path plain, or gzip by its name
  static <T> T read(Path path, Reading<T> reading) throws IOException {
    try (var in = GzipInput.open(path)) {
      return read(in, null, reading);
    } catch (CharacterCodingException e) {
      requireText(path, e);
    }
    LOG.warn("{} is not UTF-8: it is read as Windows-1252.", path);
    try (var in = GzipInput.open(path)) {
      return read(in, WESTERN, reading);
    }
  }

  /// What holds zeros is no text in an encoding of bytes.
  private static void requireText(Path path, CharacterCodingException e) throws IOException {
    try (var in = GzipInput.open(path)) {
      for (byte one : in.readNBytes(HEAD)) {
        if (one == 0) {
          throw new Problem(
              "The data file is no text.",
              path.toString(),
              "Save it as CSV in UTF-8; UTF-16 needs a byte order mark.",
              e);
        }
      }
    }
  }

  /// @param charset null: what the byte order mark says, or UTF-8
  static <T> T read(
      InputStream in, @org.jspecify.annotations.Nullable Charset charset, Reading<T> reading)
      throws IOException {
    var bytes = new BufferedInputStream(in, HEAD);
    bytes.mark(HEAD);
    var head = bytes.readNBytes(HEAD - 1);
    bytes.reset();
    var known = charset == null ? marked(head) : charset;
    char separator = separator(new String(head, known));
    try (var reader =
        CsvReader.builder()
            .allowExtraFields(true)
            .allowMissingFields(true)
            .fieldSeparator(separator)
            .ofCsvRecord(new InputStreamReader(bytes, known.newDecoder()))) {
      return reading.of(reader, separator);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Charset marked(byte[] head) {
    int mark = head.length < 2 ? 0 : (head[0] & 0xff) << 8 | head[1] & 0xff;
    return mark == 0xfeff || mark == 0xfffe ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
  }

  /// The commonest of them in the first line, outside quotes; the comma where none is commoner.
  static char separator(String text) {
    var separators = ",;\t|";
    var counts = new int[separators.length()];
    boolean quoted = false;
    boolean begun = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      quoted ^= c == '"';
      int which = separators.indexOf(c);
      if (which >= 0 && !quoted) {
        counts[which]++;
      }
      begun |= c != '\n' && c != '\r';
      if (c == '\n' && begun && !quoted) {
        break;
      }
    }
    int best = 0;
    for (int i = 1; i < counts.length; i++) {
      best = counts[i] > counts[best] ? i : best;
    }
    return separators.charAt(best);
  }
}
