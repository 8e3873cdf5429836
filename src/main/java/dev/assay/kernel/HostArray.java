package dev.assay.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// The elements of a buffer on the host.
final class HostArray {
  private final ElementType type;
  private final MemorySegment memory;

  private HostArray(ElementType type, MemorySegment memory) {
    this.type = type;
    this.memory = memory;
  }

  /// As many elements, zero.
  static HostArray of(ElementType type, long count) {
    long bytes = Math.multiplyExact(count, (long) type.bytes());
    return new HostArray(type, Arena.ofAuto().allocate(Math.max(bytes, 1), 8).asSlice(0, bytes));
  }

  /// What an argument holds at first.
  ///
  /// @param directory what files are relative to
  /// @throws dev.assay.problem.Problem for a file that is none
  static HostArray filled(Argument argument, Path directory) {
    var array = of(argument.type(), argument.count());
    array.fill(argument, directory);
    return array;
  }

  private void fill(Argument argument, Path directory) {
    var fill = argument.fill();
    long count = argument.count();
    switch (fill.kind()) {
      case CONSTANT -> {
        if (fill.low() != 0) {
          for (long i = 0; i < count; i++) {
            type.set(memory, i, fill.low());
          }
        }
      }
      case IOTA -> {
        for (long i = 0; i < count; i++) {
          type.set(memory, i, i);
        }
      }
      case RANDOM -> {
        var random = new SplittableRandom(fill.seed());
        double width = fill.high() - fill.low();
        for (long i = 0; i < count; i++) {
          double value = fill.low() + width * random.nextDouble();
          type.set(memory, i, type.isFloating() ? value : Math.floor(value));
        }
      }
      case FILE -> {
        try (var arena = Arena.ofConfined()) {
          memory.copyFrom(Npy.read(directory.resolve(fill.file()), type, count, arena));
        }
      }
    }
  }

  /// Elements of a file.
  static HostArray read(Path file, ElementType type, long count) {
    var array = of(type, count);
    try (var arena = Arena.ofConfined()) {
      array.memory.copyFrom(Npy.read(file, type, count, arena));
    }
    return array;
  }

  ElementType type() {
    return type;
  }

  long count() {
    return memory.byteSize() / type.bytes();
  }

  MemorySegment memory() {
    return memory;
  }

  double get(long index) {
    return type.get(memory, index);
  }

  boolean sameBytes(HostArray other) {
    return memory.mismatch(other.memory) < 0;
  }
}
