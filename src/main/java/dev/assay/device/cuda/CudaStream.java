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
  private boolean idle = true; // nothing was asked for since it was last waited for
  private int staged; // bytes that copies under way still read
  private String last = "nothing";

  CudaStream(CudaDevice device) {
    this.device = device;
    kernels = device.kernels();
    device.check(
        "cuStreamCreate",
        () -> JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
    device.check("cuMemAllocHost", () -> JCudaDriver.cuMemAllocHost(pinned, STAGING));
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

  /// The same of a kernel whose name has its precision.
  void launchKernel(String kernel, int x, int y, int z, int shared, Object... arguments) {
    if (x == 0 || y == 0 || z == 0) {
      return;
    }
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
    var function = kernels.function(kernel); // may wait for a compilation
    int threads = kernels.threads(kernel);
    last = kernel + ", " + x + " x " + y + " x " + z + " blocks";
    var all = Pointer.to(pointers);
    Runnable launch =
        () ->
            device.check(
                "cuLaunchKernel of " + last + ", " + shared + " bytes of shared memory",
                () ->
                    JCudaDriver.cuLaunchKernel(
                        function, x, y, z, threads, 1, 1, shared, stream, all, null));
    idle = false;
    var times = device.times();
    if (times == null) {
      launch.run();
    } else {
      times.around(kernel, stream, launch);
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
    idle = false;
    device.check(
        "cuMemcpyHtoDAsync of " + bytes + " bytes",
        () ->
            JCudaDriver.cuMemcpyHtoDAsync(to.pointer(), pinned.withByteOffset(at), bytes, stream));
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
    int at = reserve(bytes);
    idle = false;
    device.check(
        "cuMemcpyDtoHAsync of " + bytes + " bytes after " + last,
        () ->
            JCudaDriver.cuMemcpyDtoHAsync(
                pinned.withByteOffset(at), from.pointer(), bytes, stream));
    synchronise();
    return at;
  }

  /// Copies numbers within the device.
  void copy(DeviceArray from, DeviceArray to, long count) {
    if (count > 0) {
      idle = false;
      device.check(
          "cuMemcpyDtoDAsync of " + 8 * count + " bytes",
          () -> JCudaDriver.cuMemcpyDtoDAsync(to.pointer(), from.pointer(), 8 * count, stream));
    }
  }

  /// Sets bytes to 0.
  void clear(DeviceArray array, long bytes) {
    if (bytes > 0) {
      idle = false;
      device.check(
          "cuMemsetD8Async of " + bytes + " bytes",
          () -> JCudaDriver.cuMemsetD8Async(array.pointer(), (byte) 0, bytes, stream));
    }
  }

  /// Waits until all is done. A kernel's failure shows here.
  void synchronise() {
    staged = 0;
    device.check(
        "cuStreamSynchronize after " + last, () -> JCudaDriver.cuStreamSynchronize(stream));
    idle = true;
  }

  /// Waits for what still uses memory that is about to be given back. That this fails is told to
  /// whoever next uses the device: what is closed needs no answer any more, and something else may
  /// be on its way to the caller.
  void settle() {
    if (!idle && device.lost() == null) {
      staged = 0;
      idle = true;
      int code = device.call(() -> JCudaDriver.cuStreamSynchronize(stream));
      if (code != 0) {
        device.failure(code, "cuStreamSynchronize after " + last);
      }
    }
  }

  /// Waits for what is under way; the stream and its staging buffer then serve whoever asks next.
  @Override
  public void close() {
    settle();
    device.giveBack(this);
  }
}
