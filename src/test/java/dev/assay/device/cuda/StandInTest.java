package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
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

  /// Runs a kernel of `kernels/standin/faults.cu` in one block.
  ///
  /// @return the code of the synchronisation that follows
  private static int run(String kernel, CUdeviceptr out) {
    return new PtxKernel(PtxKernel.file("../kernels/standin/faults.ptx"), kernel)
        .run(1, THREADS, 8 * THREADS, Pointer.to(out));
  }

  private static CUdeviceptr array() {
    var out = new CUdeviceptr();
    assertThat(JCudaDriver.cuMemAlloc(out, 8L * THREADS)).isZero();
    return out;
  }

  @ParameterizedTest
  @CsvSource({
    "fault_exit_before_barrier, threads exited while others wait in the barrier at PTX line,"
        + " faults.cu:10",
    "fault_two_barriers, threads wait in different barriers, faults.cu:17",
    "fault_half_shuffle, lanes of a warp do not all reach the warp operation, faults.cu:28",
    "fault_mask, whose mask leaves it out, faults.cu:34",
    "fault_beyond_shared, beyond, shared memory"
  })
  void faultsOfABlockFailTheLaunch(String kernel, String words, String place) {
    var out = array();
    int code = run(kernel, out);
    assertThat(code).isEqualTo(CUresult.CUDA_ERROR_LAUNCH_FAILED);
    assertThat(CudaFailure.words(code)).contains(kernel).contains(words).contains(place);
    assertThat(JCudaDriver.cuMemFree(out)).isZero();
  }

  @Test
  void writingBeyondAnArrayShowsWhenItIsFreed() {
    StandIn.checking(
        0,
        () -> {
          var out = array();
          assertThat(run("fault_beyond_array", out)).isZero();
          assertThat(JCudaDriver.cuMemFree(out)).isEqualTo(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS);
        });
  }

  @ParameterizedTest
  @CsvSource({"fault_missing_barrier, false", "sound_neighbour, true"})
  void aMissingBarrierShowsInOneOfTwoLaunches(String kernel, boolean sound) {
    StandIn.checking(
        0,
        () -> {
          boolean right = true;
          for (int launch = 0; launch < 2; launch++) {
            right &= right(kernel);
          }
          assertThat(right).isEqualTo(sound);
        });
  }

  /// Whether every thread saw its neighbour's number.
  private static boolean right(String kernel) {
    var out = array();
    assertThat(run(kernel, out)).isZero();
    boolean right = true;
    try (var stream = StandIn.device().stream()) {
      var seen = new double[THREADS];
      stream.download(new DeviceArray(out, 8L * THREADS), seen);
      for (int i = 0; i < THREADS; i++) {
        right &= seen[i] == (i + 1) % THREADS;
      }
    }
    assertThat(JCudaDriver.cuMemFree(out)).isZero();
    return right;
  }

  @Test
  void aSeedDrawsTheOrderInWhichThreadsRun() {
    StandIn.checking(
        0,
        () -> {
          StandIn.call("standin_set_seed", 7L);
          try {
            assertThat(right("sound_neighbour")).isTrue();
            assertThat(right("fault_missing_barrier")).isFalse();
          } finally {
            StandIn.call("standin_set_seed", (long) Long.getLong("assay.standin.seed", 0));
          }
        });
  }

  /// A mode of the stand-in, for tests whose tolerances should cover a card: x86 makes such a value
  /// negative.
  @Test
  void whatIsNotANumberIsADevicesOnRequest() {
    assertThat(bitsOfNan(1)).isEqualTo(0x7ff8000000000000L);
    assertThat(Double.longBitsToDouble(bitsOfNan(0))).isNaN();
  }

  private static long bitsOfNan(int asDevice) {
    StandIn.call("standin_as_device", asDevice);
    try (var stream = StandIn.device().stream();
        var arena = StandIn.device().memory().arena()) {
      var numbers = new double[THREADS];
      java.util.Arrays.fill(numbers, Double.POSITIVE_INFINITY);
      var out = stream.place(numbers, arena);
      stream.synchronise();
      assertThat(run("bits_of_nan", out.pointer())).isZero();
      stream.download(out, numbers);
      return Double.doubleToRawLongBits(numbers[1]);
    } finally {
      StandIn.call("standin_as_device", Boolean.getBoolean("assay.standin.device") ? 1 : 0);
    }
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

  @ParameterizedTest
  @CsvSource({
    "bar.sync, barrier.sync, opcode barrier.sync is not known",
    ".version 6.3, .version 9.9, PTX ISA 9.9 is newer than 9.0",
    "ld.param.u64, ld.param.u65, opcode ld.param.u65 is not known",
    "%tid.x, %laneid, no such register: %laneid",
    "ret;, ret, '}'"
  })
  void ptxThatIsNotKnownIsRefusedWithItsPlace(String known, String unknown, String words) {
    var ptx = PtxKernel.file("../kernels/standin/faults.ptx").replaceFirst(known, unknown);
    var text = (ptx + '\0').getBytes(StandardCharsets.US_ASCII);
    assertThat(JCudaDriver.cuModuleLoadData(new CUmodule(), text))
        .isEqualTo(CUresult.CUDA_ERROR_INVALID_PTX);
    assertThat(StandIn.refusal()).contains(words).containsPattern("\\.ptx:\\d+: ");
  }

  @Test
  void itSaysThatItIsNoDevice() {
    assertThat(StandIn.device().name()).contains("test stand-in").contains("no GPU");
    assertThat(StandIn.device().multiprocessors()).isEqualTo(4);
  }
}
