package dev.assay.device.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.assay.kernel.DeviceBuffer;
import dev.assay.kernel.Invalidity;
import dev.assay.kernel.KernelDevice;
import dev.assay.kernel.KernelFailure;
import dev.assay.kernel.KernelModule;
import dev.assay.kernel.KernelSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One OpenCL device, with a context and a queue that takes times.
final class OpenClDevice implements KernelDevice {
  private static final int DEVICE_COMPUTE_UNITS = 0x1002;
  private static final int DEVICE_WORK_GROUP_SIZE = 0x1004;
  private static final int DEVICE_CACHE_SIZE = 0x101E;
  private static final int DEVICE_GLOBAL_MEMORY = 0x101F;
  private static final int DEVICE_LOCAL_MEMORY = 0x1023;
  private static final int DEVICE_NAME = 0x102B;
  private static final int DRIVER_VERSION = 0x102D;
  private static final int DEVICE_VERSION = 0x102F;
  private static final long QUEUE_PROFILING = 2;
  private static final int PROGRAM_BUILD_LOG = 0x1183;
  private static final long MEM_READ_WRITE = 1;

  /// What is written to empty caches of unknown size.
  private static final long LEAST_FLUSHED = 64L << 20;

  private final OpenCl library;
  private final MemorySegment device;
  private final MemorySegment context;
  private final MemorySegment queue;
  private @Nullable MemorySegment scratch;

  OpenClDevice(OpenCl library, MemorySegment device) {
    this.library = library;
    this.device = device;
    try (var arena = Arena.ofConfined()) {
      var one = arena.allocate(ADDRESS);
      one.set(ADDRESS, 0, device);
      context =
          library.make(
              "clCreateContext",
              MemorySegment.NULL,
              1,
              one,
              MemorySegment.NULL,
              MemorySegment.NULL);
      queue = library.make("clCreateCommandQueue", context, device, QUEUE_PROFILING);
    }
  }

  OpenCl library() {
    return library;
  }

  MemorySegment queue() {
    return queue;
  }

  MemorySegment handle() {
    return device;
  }

  long localMemory() {
    return number(DEVICE_LOCAL_MEMORY);
  }

  long workGroupSize() {
    return number(DEVICE_WORK_GROUP_SIZE);
  }

  private long number(int parameter) {
    return library.number("clGetDeviceInfo", device, parameter);
  }

  private String text(int parameter) {
    return library.text("clGetDeviceInfo", device, parameter);
  }

  @Override
  public Map<String, Object> facts() {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("backend", "opencl");
    facts.put("device", text(DEVICE_NAME));
    facts.put("driver", text(DEVICE_VERSION) + ", " + text(DRIVER_VERSION));
    facts.put("memory_bytes", number(DEVICE_GLOBAL_MEMORY));
    facts.put("shared_bytes", localMemory());
    facts.put("threads", workGroupSize());
    facts.put("compute_units", number(DEVICE_COMPUTE_UNITS) & 0xffffffffL);
    return facts;
  }

  @Override
  public KernelModule compile(KernelSource source) throws KernelFailure {
    try (var arena = Arena.ofConfined()) {
      var text = arena.allocate(ADDRESS);
      text.set(ADDRESS, 0, arena.allocateFrom(source.text()));
      var program = library.make("clCreateProgramWithSource", context, 1, text, MemorySegment.NULL);
      var devices = arena.allocate(ADDRESS);
      devices.set(ADDRESS, 0, device);
      int code =
          library.code(
              "clBuildProgram",
              program,
              1,
              devices,
              arena.allocateFrom(options(source)),
              MemorySegment.NULL,
              MemorySegment.NULL);
      if (code != 0) {
        var log = library.text("clGetProgramBuildInfo", program, device, PROGRAM_BUILD_LOG);
        library.check("clReleaseProgram", program);
        throw new KernelFailure(
            Invalidity.COMPILE, BuildLog.of(log.isEmpty() ? OpenCl.words(code) : log, source));
      }
      var error = new int[1];
      var kernel =
          library.make("clCreateKernel", error, program, arena.allocateFrom(source.function()));
      if (error[0] != 0) {
        library.check("clReleaseProgram", program);
        throw new KernelFailure(
            Invalidity.COMPILE,
            source.file()
                + " has no kernel "
                + source.function()
                + " ("
                + OpenCl.words(error[0])
                + ")");
      }
      return new OpenClModule(this, program, kernel);
    }
  }

  private static String options(KernelSource source) {
    var options = new StringBuilder();
    var directory = Path.of(source.file()).toAbsolutePath().getParent();
    if (directory != null && directory.toString().indexOf(' ') < 0) {
      options.append("-I").append(directory).append(' ');
    }
    source
        .defines()
        .forEach((name, value) ->
            options.append("-D").append(name).append('=').append(value).append(' '));
    source.options().forEach(option -> options.append(option).append(' '));
    return options.toString().strip();
  }

  @Override
  public DeviceBuffer allocate(long bytes) throws KernelFailure {
    return new OpenClBuffer(this, bytes, memory(bytes + 2 * DeviceBuffer.GUARD_BYTES));
  }

  private MemorySegment memory(long bytes) throws KernelFailure {
    var code = new int[1];
    var memory =
        library.make("clCreateBuffer", code, context, MEM_READ_WRITE, bytes, MemorySegment.NULL);
    if (code[0] != 0) {
      throw new KernelFailure(
          Invalidity.RUNTIME, "a buffer of " + bytes + " bytes: " + OpenCl.words(code[0]));
    }
    return memory;
  }

  @Override
  public void flushCaches() throws KernelFailure {
    long bytes = Math.max(LEAST_FLUSHED, 2 * number(DEVICE_CACHE_SIZE));
    if (scratch == null) {
      scratch = memory(bytes);
    }
    try (var arena = Arena.ofConfined()) {
      var pattern = arena.allocateFrom(JAVA_BYTE, (byte) 1);
      library.check(
          "clEnqueueFillBuffer",
          queue,
          scratch,
          pattern,
          1L,
          0L,
          bytes,
          0,
          MemorySegment.NULL,
          MemorySegment.NULL);
    }
    library.check("clFinish", queue);
  }

  @Override
  public void close() {
    if (scratch != null) {
      library.check("clReleaseMemObject", scratch);
    }
    library.check("clReleaseCommandQueue", queue);
    library.check("clReleaseContext", context);
  }
}
