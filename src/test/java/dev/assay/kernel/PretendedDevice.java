package dev.assay.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.Assertions;

/// A device whose kernels are Java: its memory has guards, and keeps what was last written after it
/// is given back.
final class PretendedDevice implements KernelDevice {
  private static final int BEFORE = (int) DeviceBuffer.GUARD_BYTES;

  /// A kernel of two buffers of floats.
  interface Kernel {
    void run(Memory in, Memory out, int thread) throws KernelFailure;
  }

  private final Map<String, Kernel> kernels;

  /// All that were ever allocated.
  final List<Memory> memories = new ArrayList<>();

  PretendedDevice(Map<String, Kernel> kernels) {
    this.kernels = kernels;
  }

  @Override
  public Map<String, Object> facts() {
    return Map.of("device", "a pretended one");
  }

  @Override
  public KernelModule compile(KernelSource source) throws KernelFailure {
    var kernel = kernels.get(source.function());
    if (kernel == null) {
      throw new KernelFailure(Invalidity.COMPILE, "there is no kernel " + source.function());
    }
    return new Module(kernel);
  }

  @Override
  public DeviceBuffer allocate(long bytes) {
    var memory = new Memory(bytes);
    memories.add(memory);
    return memory;
  }

  @Override
  public void flushCaches() {}

  @Override
  public void close() {}

  /// A buffer between its guards.
  static final class Memory implements DeviceBuffer {
    private final MemorySegment all;

    private Memory(long bytes) {
      all = Arena.ofAuto().allocate(bytes + 2L * BEFORE, 8);
    }

    float get(int i) {
      return all.get(ValueLayout.JAVA_FLOAT, BEFORE + 4L * i);
    }

    void set(int i, float value) {
      all.set(ValueLayout.JAVA_FLOAT, BEFORE + 4L * i, value);
    }

    @Override
    public long bytes() {
      return all.byteSize() - 2L * BEFORE;
    }

    @Override
    public void write(MemorySegment from) {
      all.fill(DeviceBuffer.GUARD);
      MemorySegment.copy(from, 0, all, BEFORE, bytes());
    }

    @Override
    public void read(MemorySegment to) {
      MemorySegment.copy(all, BEFORE, to, 0, bytes());
    }

    @Override
    public void readGuards(MemorySegment to) {
      MemorySegment.copy(all, 0, to, 0, BEFORE);
      MemorySegment.copy(all, BEFORE + bytes(), to, BEFORE, BEFORE);
    }

    @Override
    public void close() {}
  }

  private static final class Module implements KernelModule {
    private final Kernel kernel;
    private List<Bound> bound = List.of();

    Module(Kernel kernel) {
      this.kernel = kernel;
    }

    @Override
    public Map<String, Object> facts(Launch launch) {
      return Map.of();
    }

    @Override
    public void bind(List<Bound> arguments) {
      Assertions.assertThat(arguments).hasSize(2);
      bound = arguments;
    }

    @Override
    public double run(Launch launch) throws KernelFailure {
      for (int thread = 0; thread < launch.grid().getFirst(); thread++) {
        kernel.run(memory(0), memory(1), thread);
      }
      return 1;
    }

    private Memory memory(int argument) {
      return (Memory) Objects.requireNonNull(bound.get(argument).buffer());
    }

    @Override
    public void close() {}
  }
}
