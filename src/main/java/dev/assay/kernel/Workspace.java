package dev.assay.kernel;

import dev.assay.problem.Problem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The arguments of a kernel on its device, and what the buffers hold at first.
final class Workspace implements AutoCloseable {
  private final List<Argument> arguments;
  private final List<@Nullable HostArray> initial = new ArrayList<>();
  private final List<@Nullable DeviceBuffer> buffers = new ArrayList<>();
  private final List<KernelModule.Bound> bound = new ArrayList<>();
  private final Arena arena = Arena.ofConfined();

  /// @throws Problem for a file that does not hold what an argument says
  /// @throws KernelFailure when the device has not as much memory
  Workspace(KernelDevice device, List<Argument> arguments, Path directory) throws KernelFailure {
    this.arguments = arguments;
    try {
      for (var argument : arguments) {
        add(device, argument, directory);
      }
    } catch (KernelFailure | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void add(KernelDevice device, Argument argument, Path directory) throws KernelFailure {
    switch (argument.kind()) {
      case BUFFER -> {
        var array = HostArray.filled(argument, directory);
        initial.add(array);
        var buffer = device.allocate(argument.bytes());
        buffers.add(buffer);
        bound.add(new KernelModule.Bound(buffer, null, 0));
      }
      case SCALAR -> {
        var bytes = arena.allocate(8, 8);
        argument.type().set(bytes, 0, argument.value());
        initial.add(null);
        buffers.add(null);
        bound.add(new KernelModule.Bound(null, bytes.asSlice(0, argument.type().bytes()), 0));
      }
      case LOCAL -> {
        initial.add(null);
        buffers.add(null);
        bound.add(new KernelModule.Bound(null, null, argument.bytes()));
      }
    }
  }

  List<Argument> arguments() {
    return arguments;
  }

  List<KernelModule.Bound> bound() {
    return bound;
  }

  @Nullable HostArray initial(int argument) {
    return initial.get(argument);
  }

  /// Every buffer as it was at first, guards too.
  void reset() {
    for (int i = 0; i < buffers.size(); i++) {
      if (buffers.get(i) instanceof DeviceBuffer buffer && initial.get(i) instanceof HostArray a) {
        buffer.write(a.memory());
      }
    }
  }

  /// What the buffers hold now; null for arguments that are none.
  List<@Nullable HostArray> read() {
    var arrays = new ArrayList<@Nullable HostArray>();
    for (int i = 0; i < buffers.size(); i++) {
      if (buffers.get(i) instanceof DeviceBuffer buffer) {
        var array = HostArray.of(arguments.get(i).type(), arguments.get(i).count());
        buffer.read(array.memory());
        arrays.add(array);
      } else {
        arrays.add(null);
      }
    }
    return arrays;
  }

  /// Where a kernel wrote beside a buffer, for people; null where it did not.
  @Nullable String trespass() {
    int size = (int) DeviceBuffer.GUARD_BYTES;
    try (var own = Arena.ofConfined()) {
      var guards = own.allocate(2L * size);
      for (int i = 0; i < buffers.size(); i++) {
        if (buffers.get(i) instanceof DeviceBuffer buffer) {
          buffer.readGuards(guards);
          var where = trespass(guards, size);
          if (where != null) {
            return String.format(
                Locale.ROOT, "it wrote %s the buffer %s", where, arguments.get(i).name());
          }
        }
      }
    }
    return null;
  }

  private static @Nullable String trespass(MemorySegment guards, int size) {
    for (int i = 0; i < size; i++) { // from the buffer outwards
      if (guards.get(ValueLayout.JAVA_BYTE, size - 1 - i) != DeviceBuffer.GUARD) {
        return (i + 1) + " bytes before the beginning of";
      }
      if (guards.get(ValueLayout.JAVA_BYTE, size + i) != DeviceBuffer.GUARD) {
        return i + " bytes behind the end of";
      }
    }
    return null;
  }

  @Override
  public void close() {
    for (var buffer : buffers) {
      if (buffer != null) {
        buffer.close();
      }
    }
    arena.close();
  }
}
