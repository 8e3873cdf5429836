package dev.assay.device.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.NativePointerObject;
import jcuda.Pointer;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/// Work for one device, done in order and without waiting for it; only a download waits. Belongs to
/// one thread at a time.
final class CudaStream implements AutoCloseable {
  /// Bytes of page-locked memory that copies go through.
  private static final int STAGING = 1 << 20;

  private final CudaDevice device;
  private final DeviceKernels kernels;
  private final CUstream stream = new CUstream();
  private final Pointer pinned = new Pointer();
  private final ByteBuffer staging;
  private int staged; // bytes that copies under way still read
  private String last = "nothing";

  CudaStream(CudaDevice device) {
    this.device = device;
    kernels = device.kernels();
    device.makeCurrent();
    CudaFailure.check(
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING),
        "cuStreamCreate");
    CudaFailure.check(JCudaDriver.cuMemAllocHost(pinned, STAGING), "cuMemAllocHost");
    staging = pinned.getByteBuffer(0, STAGING).order(ByteOrder.nativeOrder());
  }

  CudaDevice device() {
    return device;
  }

  /// Launches a kernel in FP64.
  ///
  /// @param name without its precision
  /// @param x blocks, likewise y and z
  /// @param shared bytes of shared memory of a block
  /// @param arguments Integer, Long, Double or DeviceArray, as the kernel's parameters
  void launch(String name, int x, int y, int z, int shared, Object... arguments) {
    launchKernel(name + "_f64", x, y, z, shared, arguments);
  }

  /// The same in FP32.
  void launchSingle(String name, int x, int y, int z, int shared, Object... arguments) {
    launchKernel(name + "_f32", x, y, z, shared, arguments);
  }

  private void launchKernel(String kernel, int x, int y, int z, int shared, Object... arguments) {
    if (x == 0 || y == 0 || z == 0) {
      return;
    }
    device.makeCurrent();
    var pointers = new NativePointerObject[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      pointers[i] =
          switch (arguments[i]) {
            case Integer v -> Pointer.to(new int[] {v});
            case Long v -> Pointer.to(new long[] {v});
            case Double v -> Pointer.to(new double[] {v});
            case DeviceArray v -> Pointer.to(v.pointer());
            default -> throw new IllegalArgumentException(kernel + ": " + arguments[i]);
          };
    }
    last = kernel;
    int code =
        JCudaDriver.cuLaunchKernel(
            kernels.function(kernel),
            x,
            y,
            z,
            256,
            1,
            1,
            shared,
            stream,
            Pointer.to(pointers),
            null);
    if (code != 0) {
      throw new CudaFailure(
          "cuLaunchKernel of "
              + kernel
              + ", "
              + x
              + " x "
              + y
              + " x "
              + z
              + " blocks, "
              + shared
              + " bytes of shared memory: "
              + CudaFailure.words(code));
    }
  }

  /// Room in the staging buffer for up to `bytes`; waits for what still reads it where there is
  /// none.
  private int reserve(int bytes) {
    if (staged + bytes > STAGING) {
      synchronise();
    }
    int at = staged;
    staged += (bytes + 7) / 8 * 8;
    return at;
  }

  void upload(double[] from, int index, int count, DeviceArray to) {
    device.makeCurrent();
    for (int done = 0; done < count; ) {
      int part = Math.min(count - done, STAGING / 8);
      int at = reserve(8 * part);
      staging.position(at);
      staging.asDoubleBuffer().put(from, index + done, part);
      copyIn(to.from(done), at, 8L * part);
      done += part;
    }
  }

  void upload(double[] from, DeviceArray to) {
    upload(from, 0, from.length, to);
  }

  void upload(float[] from, DeviceArray to) {
    device.makeCurrent();
    for (int done = 0; done < from.length; ) {
      int part = Math.min(from.length - done, STAGING / 4);
      int at = reserve(4 * part);
      staging.position(at);
      staging.asFloatBuffer().put(from, done, part);
      copyIn(to.from(done / 2), at, 4L * part);
      done += part;
    }
  }

  void upload(int[] from, DeviceArray to) {
    device.makeCurrent();
    for (int done = 0; done < from.length; ) {
      int part = Math.min(from.length - done, STAGING / 4);
      int at = reserve(4 * part);
      staging.position(at);
      staging.asIntBuffer().put(from, done, part);
      copyIn(to.from(done / 2), at, 4L * part);
      done += part;
    }
  }

  /// New memory with these values.
  DeviceArray place(double[] values, DeviceMemory.Arena arena) {
    var array = arena.doubles(values.length);
    upload(values, array);
    return array;
  }

  DeviceArray place(float[] values, DeviceMemory.Arena arena) {
    var array = arena.floats(values.length);
    upload(values, array);
    return array;
  }

  DeviceArray place(int[] values, DeviceMemory.Arena arena) {
    var array = arena.ints(values.length);
    upload(values, array);
    return array;
  }

  private void copyIn(DeviceArray to, int at, long bytes) {
    if (bytes > to.bytes()) {
      throw new IndexOutOfBoundsException(bytes + " bytes into " + to.bytes());
    }
    CudaFailure.check(
        JCudaDriver.cuMemcpyHtoDAsync(to.pointer(), pinned.withByteOffset(at), bytes, stream),
        "cuMemcpyHtoDAsync of " + bytes + " bytes");
  }

  /// Waits for all that was asked for, then reads.
  void download(DeviceArray from, double[] to, int index, int count) {
    for (int done = 0; done < count; ) {
      int part = Math.min(count - done, STAGING / 8);
      int at = copyOut(from.from(done), 8 * part);
      staging.position(at);
      staging.asDoubleBuffer().get(to, index + done, part);
      done += part;
    }
  }

  void download(DeviceArray from, double[] to) {
    download(from, to, 0, to.length);
  }

  void download(DeviceArray from, float[] to) {
    for (int done = 0; done < to.length; ) {
      int part = Math.min(to.length - done, STAGING / 4);
      int at = copyOut(from.from(done / 2), 4 * part);
      staging.position(at);
      staging.asFloatBuffer().get(to, done, part);
      done += part;
    }
  }

  void download(DeviceArray from, int[] to) {
    for (int done = 0; done < to.length; ) {
      int part = Math.min(to.length - done, STAGING / 4);
      int at = copyOut(from.from(done / 2), 4 * part);
      staging.position(at);
      staging.asIntBuffer().get(to, done, part);
      done += part;
    }
  }

  private int copyOut(DeviceArray from, int bytes) {
    device.makeCurrent();
    int at = reserve(bytes);
    CudaFailure.check(
        JCudaDriver.cuMemcpyDtoHAsync(pinned.withByteOffset(at), from.pointer(), bytes, stream),
        "cuMemcpyDtoHAsync of " + bytes + " bytes");
    synchronise();
    return at;
  }

  /// Copies numbers within the device.
  void copy(DeviceArray from, DeviceArray to, long count) {
    device.makeCurrent();
    if (count > 0) {
      CudaFailure.check(
          JCudaDriver.cuMemcpyDtoDAsync(to.pointer(), from.pointer(), 8 * count, stream),
          "cuMemcpyDtoDAsync of " + 8 * count + " bytes");
    }
  }

  /// Sets bytes to 0.
  void clear(DeviceArray array, long bytes) {
    device.makeCurrent();
    if (bytes > 0) {
      CudaFailure.check(
          JCudaDriver.cuMemsetD8Async(array.pointer(), (byte) 0, bytes, stream),
          "cuMemsetD8Async of " + bytes + " bytes");
    }
  }

  /// Waits until all is done. A kernel's failure shows here.
  void synchronise() {
    device.makeCurrent();
    int code = JCudaDriver.cuStreamSynchronize(stream);
    staged = 0;
    if (code != 0) {
      throw new CudaFailure("cuStreamSynchronize after " + last + ": " + CudaFailure.words(code));
    }
  }

  /// Waits for what is under way; the stream and its staging buffer then serve whoever asks next.
  @Override
  public void close() {
    synchronise();
    device.giveBack(this);
  }
}
