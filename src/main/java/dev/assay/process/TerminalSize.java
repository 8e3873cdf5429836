package dev.assay.process;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.OptionalInt;

/// How large the terminal is that this process prints to: POSIX `ioctl` with TIOCGWINSZ.
public final class TerminalSize {
  private static final long LINUX_REQUEST = 0x5413;
  private static final long BSD_REQUEST = 0x40087468; // macOS too
  private static final int STDOUT = 1;

  /// `struct winsize`: rows, columns, and two more, each an unsigned short.
  private static final long BYTES = 8;

  private TerminalSize() {}

  /// The columns; empty where stdout is no terminal, or the system does not tell.
  public static OptionalInt columns() {
    return number(1);
  }

  /// The rows; empty where stdout is no terminal, or the system does not tell.
  public static OptionalInt rows() {
    return number(0);
  }

  private static OptionalInt number(int index) {
    var linker = Linker.nativeLinker();
    var ioctl = linker.defaultLookup().find("ioctl");
    if (ioctl.isEmpty()) {
      return OptionalInt.empty(); // Windows
    }
    var call =
        linker.downcallHandle(
            ioctl.get(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));
    boolean linux = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
    try (var arena = Arena.ofConfined()) {
      var size = arena.allocate(BYTES);
      int failed = (int) call.invokeExact(STDOUT, linux ? LINUX_REQUEST : BSD_REQUEST, size);
      int found = Short.toUnsignedInt(size.getAtIndex(ValueLayout.JAVA_SHORT, index));
      return failed != 0 || found == 0 ? OptionalInt.empty() : OptionalInt.of(found);
    } catch (Throwable e) { // as method handles declare it
      throw new IllegalStateException(e);
    }
  }
}
