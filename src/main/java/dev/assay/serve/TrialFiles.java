package dev.assay.serve;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a trial's program left in its directory, to look at: pictures whole, texts part by part.
///
/// Programs write there what they want, and whoever asks names what they want: only regular files
/// below the directory are read, no symbolic link on the way is followed, and what a file is
/// follows from its bytes, never from its name.
///
/// @param directory the trial's; need not exist
record TrialFiles(Path directory) {
  /// Larger pictures are not sent.
  static final int LARGEST_PICTURE = 8 << 20;

  /// So much of a text is sent at once.
  static final int PART = 1 << 15;

  private static final int MOST_FILES = 200;
  private static final int DEEPEST = 4;

  /// A file.
  ///
  /// @param path below the directory, with `/`
  record Entry(String path, long bytes) {}

  /// Part of a text.
  ///
  /// @param size of the file in bytes
  /// @param from where the part begins, in bytes
  /// @param text null: the bytes are no text
  record Part(long size, long from, @Nullable String text) {}

  /// A picture.
  @SuppressWarnings("ArrayRecordComponent")
  record Picture(String type, byte[] bytes) {}

  /// The files, by path; the first [#MOST_FILES].
  List<Entry> list() {
    var entries = new ArrayList<Entry>();
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return entries;
    }
    try (var files = Files.walk(directory, DEEPEST, new FileVisitOption[0])) {
      files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .limit(MOST_FILES)
          .sorted()
          .forEach(file -> entries.add(entry(file)));
    } catch (IOException | UncheckedIOException e) {
      return entries; // a program that runs removes some too
    }
    return entries;
  }

  private Entry entry(Path file) {
    var relative = new ArrayList<String>();
    directory.relativize(file).forEach(part -> relative.add(part.toString()));
    return new Entry(String.join("/", relative), file.toFile().length());
  }

  /// A picture as browsers show them: PNG, JPEG, GIF or WebP.
  ///
  /// @throws Problem when it is none, too large, or not below the directory
  Picture picture(String path) {
    try (var channel = open(path)) {
      long size = channel.size();
      if (size > LARGEST_PICTURE) {
        throw new Problem(
            "The picture is too large to be shown.", path + ", " + size + " bytes", place(path));
      }
      var bytes = read(channel, 0, (int) size);
      var type = type(bytes);
      if (type == null) {
        throw new Problem("The file is no picture that can be shown.", path, place(path));
      }
      return new Picture(type, bytes);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private String place(String path) {
    return "Look at it in " + directory.resolve(path) + ".";
  }

  /// The last part of a text that ends before a byte; whole characters.
  ///
  /// @param before where the part ends, in bytes; beyond the end: the end
  /// @throws Problem when the file is not below the directory
  Part text(String path, long before) {
    try (var channel = open(path)) {
      long size = channel.size();
      long end = Math.clamp(before, 0, size);
      long from = Math.max(0, end - PART);
      var bytes = read(channel, from, (int) (end - from));
      int first = 0;
      while (from > 0 && first < Math.min(3, bytes.length) && (bytes[first] & 0xC0) == 0x80) {
        first++; // the rest of a character that began before
      }
      boolean binary = false;
      for (byte b : bytes) {
        binary |= b == 0;
      }
      var text = new String(bytes, first, bytes.length - first, StandardCharsets.UTF_8);
      return new Part(size, from + first, binary ? null : text);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static byte[] read(SeekableByteChannel channel, long from, int count) throws IOException {
    var buffer = ByteBuffer.allocate(count);
    channel.position(from);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
    return java.util.Arrays.copyOf(buffer.array(), buffer.position());
  }

  /// Opens a regular file; looked at before it is opened, since a pipe waits for its writer.
  private SeekableByteChannel open(String path) throws IOException {
    var file = inside(path);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(path);
    }
    return Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  private Path inside(String path) throws IOException {
    try {
      var relative = Path.of(path);
      var file = directory.resolve(relative).normalize();
      boolean within =
          Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
              && !relative.isAbsolute()
              && relative.normalize().equals(relative);
      for (var part : relative) {
        within &= !part.toString().equals("..") && !part.toString().isEmpty();
      }
      if (within
          && file.startsWith(directory.normalize())
          && !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new NoSuchFileException(path);
      }
      if (within
          && file.startsWith(directory.normalize())
          && file.toRealPath().equals(directory.toRealPath().resolve(relative))) {
        return file;
      }
    } catch (InvalidPathException e) {
      throw outside(path, e);
    }
    throw outside(path, null);
  }

  private static Problem outside(String path, @Nullable Exception cause) {
    return new Problem(
        "Only files of the trial's own directory are shown.",
        RequestBody.brief(path),
        "Name one of the list, links not among them.",
        cause);
  }

  private static Problem unreadable(String path, IOException e) {
    return new Problem(
        e instanceof NoSuchFileException
            ? "The trial has no such file."
            : "The file cannot be read.",
        RequestBody.brief(path),
        "Files of trials that are not kept are removed, see keep: in docs/external-trials.md.",
        e);
  }

  /// By the first bytes; null: nothing that is shown.
  private static @Nullable String type(byte[] bytes) {
    var head = new String(bytes, 0, Math.min(12, bytes.length), StandardCharsets.ISO_8859_1);
    if (head.startsWith("\u0089PNG\r\n\u001a\n")) {
      return "image/png";
    }
    if (head.startsWith("\u00ff\u00d8\u00ff")) {
      return "image/jpeg";
    }
    if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) {
      return "image/gif";
    }
    return head.startsWith("RIFF") && head.endsWith("WEBP") ? "image/webp" : null;
  }

  /// As JSON values.
  static Map<String, @Nullable Object> document(Part part) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("size", part.size());
    document.put("from", part.from());
    document.put("text", part.text());
    return document;
  }
}
