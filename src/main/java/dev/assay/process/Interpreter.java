package dev.assay.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a program's file needs to be started: a script the interpreter of its first line, a binary
/// its loader. The system says of all of them only "no such file".
public final class Interpreter {
  /// What Linux reads of a first line.
  private static final int LONGEST_LINE = 256;

  /// Interpreters may be scripts.
  private static final int DEEPEST = 4;

  private static final Path SELF = Path.of("/proc/self/exe");

  private static final int ELF_HEADER = 64;
  private static final int SEGMENT = 56;
  private static final int INTERPRETER_SEGMENT = 3;

  private Interpreter() {}

  /// Why a file cannot be started though it is there and executable.
  ///
  /// @param environment in which `env` would look for the interpreter
  /// @param directory where the program starts
  /// @return null where nothing is known to be missing
  public static @Nullable String missing(
      Path file, Map<String, String> environment, Path directory) {
    try {
      return missing(file, environment, directory, 0);
    } catch (IOException e) {
      return null; // whoever cannot be read may still be started
    }
  }

  private static @Nullable String missing(
      Path file, Map<String, String> environment, Path directory, int depth) throws IOException {
    if (depth > DEEPEST || !Files.isRegularFile(file)) {
      return null;
    }
    var start = start(file);
    if (startsWith(start, 0xef, 0xbb, 0xbf, '#', '!')) {
      return file
          + " begins with a byte order mark, behind which the system does not see #!: save it as UTF-8"
          + " without one";
    }
    if (startsWith(start, 0x7f, 'E', 'L', 'F')) {
      return loader(file, start);
    }
    if (!startsWith(start, '#', '!')) {
      return null;
    }
    var line = new String(start, 2, start.length - 2, StandardCharsets.UTF_8);
    int end = line.indexOf('\n');
    return script(file, end < 0 ? line : line.substring(0, end), environment, directory, depth);
  }

  /// Whether a file is a binary of Linux's and no script.
  static boolean isBinary(Path file) {
    try {
      return startsWith(start(file), 0x7f, 'E', 'L', 'F');
    } catch (IOException e) {
      return false;
    }
  }

  /// Whether a file is a script that names its interpreter, or a binary for the machine that this
  /// process runs on: nothing else is started for sure.
  static boolean isKnown(Path file) {
    try {
      var start = start(file);
      return startsWith(start, '#', '!')
          || start.length >= ELF_HEADER && Arrays.equals(machine(start), machine(start(SELF)));
    } catch (IOException e) {
      return false;
    }
  }

  /// What an ELF header says of class, byte order and machine; empty where it is none.
  private static byte[] machine(byte[] start) {
    return startsWith(start, 0x7f, 'E', 'L', 'F')
        ? new byte[] {start[4], start[5], start[18], start[19]}
        : new byte[0];
  }

  private static byte[] start(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return in.readNBytes(4096);
    }
  }

  private static boolean startsWith(byte[] bytes, int... start) {
    return bytes.length >= start.length
        && Arrays.mismatch(Arrays.copyOf(bytes, start.length), bytes(start)) < 0;
  }

  private static byte[] bytes(int... values) {
    var bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static @Nullable String script(
      Path file, String line, Map<String, String> environment, Path directory, int depth)
      throws IOException {
    var words = line.substring(0, Math.min(line.length(), LONGEST_LINE)).strip().split("[ \t]+", 2);
    var name = words[0];
    var rest = words.length > 1 ? words[1].strip() : "";
    if (name.isEmpty()) {
      return null;
    }
    if (line.endsWith("\r") && (rest.isEmpty() || !name.endsWith("perl"))) { // Perl minds no CR
      return file
          + " has Windows line ends: its first line asks for \""
          + (rest.isEmpty() ? name : name + " " + rest)
          + "\\r\"; convert it, as sed -i 's/\\r$//' does";
    }
    var interpreter = directory.resolve(name);
    if (!Files.exists(interpreter)) {
      return asksFor(file, name, "which is not there");
    }
    if (!Files.isRegularFile(interpreter) || !Files.isExecutable(interpreter)) {
      return asksFor(file, name, "which is not executable");
    }
    if (interpreter.endsWith("env") && !rest.isEmpty()) {
      return env(file, rest, environment, directory, depth);
    }
    return missing(interpreter, environment, directory, depth + 1);
  }

  private static String asksFor(Path file, String what, String why) {
    return file + ": its first line asks for the interpreter " + what + ", " + why;
  }

  /// `env NAME`, `env -S NAME ARGUMENTS`; nothing is known of its other options.
  private static @Nullable String env(
      Path file, String rest, Map<String, String> environment, Path directory, int depth)
      throws IOException {
    boolean split = rest.startsWith("-S") || rest.startsWith("-vS");
    var words =
        split
            ? List.of(rest.substring(rest.indexOf('S') + 1).strip().split("\\s+"))
            : List.of(rest);
    var name = words.stream().filter(word -> !word.contains("=")).findFirst().orElse("");
    if (name.isEmpty() || name.startsWith("-")) {
      return null;
    }
    if (!split && name.contains(" ") && LinuxProcesses.present()) {
      return asksFor(
          file, "\"" + name + "\"", "all of it one name: with arguments it is env -S " + name);
    }
    var found =
        name.contains("/")
            ? directory.resolve(name).toString()
            : OwnSession.find(name, environment);
    if (found == null || !Files.exists(Path.of(found))) {
      return asksFor(
          file, name, name.contains("/") ? "which is not there" : "which is not in PATH");
    }
    return missing(directory.resolve(found), environment, directory, depth + 1);
  }

  /// The loader that a binary names, as musl's where the system has glibc (ELF-64, little-endian).
  private static @Nullable String loader(Path file, byte[] start) {
    if (start.length < ELF_HEADER || start[4] != 2 || start[5] != 1) {
      return null;
    }
    var elf = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    long segments = elf.getLong(32);
    int count = elf.getShort(56) & 0xffff;
    for (int i = 0; i < count; i++) {
      long at = segments + (long) i * SEGMENT;
      if (at < 0 || at > start.length - SEGMENT) {
        return null;
      }
      if (elf.getInt((int) at) == INTERPRETER_SEGMENT) {
        return loader(file, start, elf.getLong((int) at + 8), elf.getLong((int) at + 32));
      }
    }
    return null;
  }

  private static @Nullable String loader(Path file, byte[] start, long offset, long size) {
    if (size < 2 || size > start.length || offset < 0 || offset > start.length - size) {
      return null;
    }
    var name = new String(start, (int) offset, (int) size - 1, StandardCharsets.UTF_8);
    return Files.exists(Path.of(name))
        ? null
        : file
            + " needs the loader "
            + name
            + ", which is not there: it was built for another system";
  }
}
