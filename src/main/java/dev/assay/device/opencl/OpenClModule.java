package dev.assay.device.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.assay.kernel.Invalidity;
import dev.assay.kernel.KernelFailure;
import dev.assay.kernel.KernelModule;
import dev.assay.kernel.Launch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A kernel of a built program.
final class OpenClModule implements KernelModule {
  private static final int KERNEL_ARGUMENTS = 0x1191;
  private static final int KERNEL_LOCAL_MEMORY = 0x11B2;
  private static final int KERNEL_WORK_GROUP_SIZE = 0x11B0;
  private static final int KERNEL_PRIVATE_MEMORY = 0x11B4;
  private static final int PROFILING_START = 0x1282;
  private static final int PROFILING_END = 0x1283;
  private static final double NANOSECONDS_A_MILLISECOND = 1e6;

  private final OpenClDevice device;
  private final OpenCl library;
  private final MemorySegment program;
  private final MemorySegment kernel;
  private long boundLocalBytes;

  OpenClModule(OpenClDevice device, MemorySegment program, MemorySegment kernel) {
    this.device = device;
    library = device.library();
    this.program = program;
    this.kernel = kernel;
  }

  private long ofGroup(int parameter) {
    return library.number("clGetKernelWorkGroupInfo", kernel, device.handle(), parameter);
  }

  @Override
  public Map<String, Object> facts(Launch launch) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("shared_bytes", ofGroup(KERNEL_LOCAL_MEMORY));
    facts.put("private_bytes", ofGroup(KERNEL_PRIVATE_MEMORY));
    facts.put("most_threads", ofGroup(KERNEL_WORK_GROUP_SIZE));
    return facts;
  }

  @Override
  public void bind(List<Bound> arguments) throws KernelFailure {
    long wanted = library.number("clGetKernelInfo", kernel, KERNEL_ARGUMENTS) & 0xffffffffL;
    if (wanted != arguments.size()) {
      throw new KernelFailure(
          Invalidity.RUNTIME,
          "the kernel has " + wanted + " arguments, and " + arguments.size() + " are given");
    }
    boundLocalBytes = 0;
    for (int i = 0; i < arguments.size(); i++) {
      bind(i, arguments.get(i));
    }
  }

  private void bind(int index, Bound argument) throws KernelFailure {
    try (var arena = Arena.ofConfined()) {
      int code;
      if (argument.buffer() instanceof OpenClBuffer buffer) {
        var handle = arena.allocate(ADDRESS);
        handle.set(ADDRESS, 0, buffer.handle());
        code = library.code("clSetKernelArg", kernel, index, ADDRESS.byteSize(), handle);
      } else if (argument.bytes() instanceof MemorySegment bytes) {
        code = library.code("clSetKernelArg", kernel, index, bytes.byteSize(), bytes);
      } else {
        boundLocalBytes += argument.localBytes();
        code =
            library.code(
                "clSetKernelArg", kernel, index, argument.localBytes(), MemorySegment.NULL);
      }
      if (code != 0) {
        throw new KernelFailure(
            Invalidity.RUNTIME, "argument " + index + ": " + OpenCl.words(code));
      }
    }
  }

  @Override
  public double run(Launch launch) throws KernelFailure {
    check(launch);
    try (var arena = Arena.ofConfined()) {
      int dimensions = launch.grid().size();
      var global = arena.allocate(JAVA_LONG, dimensions);
      var local = arena.allocate(JAVA_LONG, dimensions);
      for (int i = 0; i < dimensions; i++) {
        global.setAtIndex(JAVA_LONG, i, launch.grid().get(i) * launch.block().get(i));
        local.setAtIndex(JAVA_LONG, i, launch.block().get(i));
      }
      var event = arena.allocate(ADDRESS);
      int code =
          library.code(
              "clEnqueueNDRangeKernel",
              device.queue(),
              kernel,
              dimensions,
              MemorySegment.NULL,
              global,
              local,
              0,
              MemorySegment.NULL,
              event);
      requireLaunched(code);
      requireLaunched(library.code("clFinish", device.queue()));
      var ended = event.get(ADDRESS, 0);
      long start = library.number("clGetEventProfilingInfo", ended, PROFILING_START);
      long end = library.number("clGetEventProfilingInfo", ended, PROFILING_END);
      library.check("clReleaseEvent", ended);
      return (end - start) / NANOSECONDS_A_MILLISECOND;
    }
  }

  /// What some drivers find out only by crashing.
  private void check(Launch launch) throws KernelFailure {
    long most = Math.min(device.workGroupSize(), ofGroup(KERNEL_WORK_GROUP_SIZE));
    if (most > 0 && launch.threads() > most) {
      throw new KernelFailure(
          Invalidity.RUNTIME,
          "a block has " + launch.threads() + " threads; the device takes " + most + " of them");
    }
    long local = Math.max(boundLocalBytes, ofGroup(KERNEL_LOCAL_MEMORY));
    if (local > device.localMemory()) {
      throw new KernelFailure(
          Invalidity.RUNTIME,
          "a block needs "
              + local
              + " bytes of local memory; the device has "
              + device.localMemory());
    }
  }

  private static void requireLaunched(int code) throws KernelFailure {
    if (code != 0) {
      throw new KernelFailure(Invalidity.RUNTIME, OpenCl.words(code));
    }
  }

  @Override
  public void close() {
    library.check("clReleaseKernel", kernel);
    library.check("clReleaseProgram", program);
  }
}
