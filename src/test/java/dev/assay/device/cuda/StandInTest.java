package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import jcuda.NativePointerObject;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The stand-in notices kernels that are wrong on purpose: else what passes on it would mean
/// little.
@Tag("standin")
class StandInTest {
  private static final int THREADS = 64;

  @BeforeEach
  void context() {
    StandIn.device().makeCurrent();
  }

  /// Runs a kernel of one pointer in one block.
  ///
  /// @return the code of the synchronisation that follows
  private static int run(String kernel, CUdeviceptr out) {
    var module = new CUmodule();
    var ptx = ".version 6.3\n.visible .entry " + kernel + "(\n.param .u64 " + kernel + "_0\n)\n\0";
    assertThat(JCudaDriver.cuModuleLoadData(module, ptx.getBytes(StandardCharsets.US_ASCII)))
        .isZero();
    var function = new CUfunction();
    assertThat(JCudaDriver.cuModuleGetFunction(function, module, kernel)).isZero();
    var arguments = Pointer.to(new NativePointerObject[] {Pointer.to(out)});
    assertThat(
            JCudaDriver.cuLaunchKernel(
                function, 1, 1, 1, THREADS, 1, 1, 8 * THREADS, null, arguments, null))
        .isZero();
    return JCudaDriver.cuCtxSynchronize();
  }

  private static CUdeviceptr array() {
    var out = new CUdeviceptr();
    assertThat(JCudaDriver.cuMemAlloc(out, 8L * THREADS)).isZero();
    return out;
  }

  @ParameterizedTest
  @CsvSource({
    "fault_exit_before_barrier, threads exited while others wait in __syncthreads",
    "fault_two_barriers, threads wait in different __syncthreads",
    "fault_half_shuffle, lanes of a warp do not all reach",
    "fault_beyond_shared, wrote beyond its shared memory"
  })
  void faultsOfABlockFailTheLaunch(String kernel, String words) {
    var out = array();
    int code = run(kernel, out);
    assertThat(code).isEqualTo(CUresult.CUDA_ERROR_LAUNCH_FAILED);
    assertThat(CudaFailure.words(code)).contains(kernel).contains(words);
    assertThat(JCudaDriver.cuMemFree(out)).isZero();
  }

  @Test
  void writingBeyondAnArrayShowsWhenItIsFreed() {
    var out = array();
    assertThat(run("fault_beyond_array", out)).isZero();
    assertThat(JCudaDriver.cuMemFree(out)).isEqualTo(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS);
  }

  @ParameterizedTest
  @CsvSource({"fault_missing_barrier, false", "sound_neighbour, true"})
  void aMissingBarrierShowsInOneOfTwoLaunches(String kernel, boolean sound) {
    var out = array();
    var device = StandIn.device();
    boolean right = true;
    for (int launch = 0; launch < 2; launch++) {
      assertThat(run(kernel, out)).isZero();
      try (var stream = device.stream()) {
        var seen = new double[THREADS];
        stream.download(new DeviceArray(out, 8L * THREADS), seen);
        for (int i = 0; i < THREADS; i++) {
          right &= seen[i] == (i + 1) % THREADS;
        }
      }
    }
    assertThat(right).isEqualTo(sound);
    assertThat(JCudaDriver.cuMemFree(out)).isZero();
  }

  @Test
  void workOnAStreamIsDoneOnlyWhenSomeoneWaits() {
    var out = array();
    var stream = new CUstream();
    assertThat(JCudaDriver.cuStreamCreate(stream, 1)).isZero();
    var host = new Pointer();
    assertThat(JCudaDriver.cuMemAllocHost(host, 8)).isZero();
    var view = host.getByteBuffer(0, 8).order(java.nio.ByteOrder.nativeOrder());
    view.putDouble(0, 1);
    JCudaDriver.cuMemsetD8Async(out, (byte) 0, 8, stream);
    JCudaDriver.cuMemcpyDtoHAsync(host, out, 8, stream);
    assertThat(view.getDouble(0)).isEqualTo(1);
    assertThat(JCudaDriver.cuStreamSynchronize(stream)).isZero();
    assertThat(view.getDouble(0)).isZero();
    JCudaDriver.cuMemFreeHost(host);
    JCudaDriver.cuMemFree(out);
    JCudaDriver.cuStreamDestroy(stream);
  }

  @Test
  void aThreadWithoutAContextIsRefused() throws InterruptedException {
    var code = new int[1];
    var thread = new Thread(() -> code[0] = JCudaDriver.cuMemAlloc(new CUdeviceptr(), 8));
    thread.start();
    thread.join();
    assertThat(code[0]).isEqualTo(CUresult.CUDA_ERROR_INVALID_CONTEXT);
  }

  @Test
  void aPtxThatDoesNotMatchTheSourceIsRefused() {
    var ptx = ".version 6.3\n.visible .entry hyperparameters_f64(\n.param .u64 a\n)\n\0";
    assertThat(
            JCudaDriver.cuModuleLoadData(new CUmodule(), ptx.getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(CUresult.CUDA_ERROR_INVALID_PTX);
  }

  @Test
  void itSaysThatItIsNoDevice() {
    assertThat(StandIn.device().name()).contains("test stand-in").contains("no GPU");
    assertThat(StandIn.device().multiprocessors()).isEqualTo(4);
  }
}
