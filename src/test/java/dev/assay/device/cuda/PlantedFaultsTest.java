package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Faults that were planted, in sources and in shipped PTX: the checks find each, and say in which
/// kernel and at which line.
@Tag("standin")
class PlantedFaultsTest {
  private static final int THREADS = 64;
  private static final int DIGITS = 256; // threads of the shipped kernels
  private static final int ALL = StandIn.MEMCHECK | StandIn.INITCHECK | StandIn.RACECHECK;

  @BeforeEach
  void context() {
    StandIn.device().makeCurrent();
  }

  private static CUdeviceptr array(long bytes) {
    var array = new CUdeviceptr();
    assertThat(JCudaDriver.cuMemAlloc(array, bytes)).isZero();
    return array;
  }

  /// What the driver says of a kernel's run.
  private static String fault(PtxKernel kernel, int blocks, Pointer... arguments) {
    int code = kernel.run(blocks, THREADS, 8 * THREADS, arguments);
    return code == 0 ? "" : CudaFailure.words(code);
  }

  private static PtxKernel faults(String kernel) {
    return new PtxKernel(PtxKernel.file("../kernels/standin/faults.ptx"), kernel);
  }

  /// @param at the line of `faults.cu`
  @ParameterizedTest
  @CsvSource({
    "fault_missing_barrier, 4[01], 'race, '",
    "fault_shuffle_for_barrier, 4[79], 'race, '",
    "fault_between_blocks, 69, 'race, write after write: 8 bytes at 0 of an array of 512 bytes"
        + " (argument 0), not ordered after block'",
    "fault_beyond_shared, 79, 'write beyond shared memory: 8 bytes at 512 of 512'",
    "fault_beyond_array, 84, 'write beyond an array: 8 bytes at 512 of an array of 512 bytes'",
    "fault_read_beyond, 88, 'read beyond an array'",
    "fault_unwritten, 94, 'read of memory never written: 8 bytes at'",
    "fault_unwritten_shared, 101, 'read of shared memory never written: 8 bytes at 0'",
    "fault_misaligned, 106, 'misaligned access: 16 bytes'"
  })
  void faultsOfSourcesAreFoundWithTheirLines(String kernel, String at, String words) {
    // Which of two comes first is a matter of order; a read that does may be one of nothing.
    boolean race = words.startsWith("race");
    StandIn.checking(
        race ? StandIn.MEMCHECK | StandIn.RACECHECK : ALL,
        () -> {
          var out = array(8L * THREADS);
          if (!kernel.startsWith("fault_unwritten")) {
            JCudaDriver.cuMemsetD8Async(out, (byte) 0, 8L * THREADS, null);
          }
          var said = fault(faults(kernel), 2, Pointer.to(out));
          assertThat(said)
              .contains(kernel + ": " + words)
              .containsPattern("\\(faults.cu:" + at + "\\)");
          assertThat(JCudaDriver.cuMemFree(out)).isZero();
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"sound_neighbour", "sound_warp"})
  void whatIsRightIsNotReported(String kernel) {
    StandIn.checking(
        ALL,
        () -> {
          var out = array(8L * THREADS);
          assertThat(fault(faults(kernel), 1, Pointer.to(out))).isEmpty();
          assertThat(JCudaDriver.cuMemFree(out)).isZero();
        });
  }

  @Test
  void memoryThatWasFreedIsNoLongerThere() {
    StandIn.checking(
        ALL,
        () -> {
          var out = array(8L * THREADS);
          assertThat(JCudaDriver.cuMemFree(out)).isZero();
          assertThat(fault(faults("sound_warp"), 1, Pointer.to(out)))
              .contains("write beyond an array: 8 bytes");
        });
  }

  @Test
  void whatWasNotFreedIsNamed() {
    StandIn.checking(
        ALL,
        () -> {
          var kept = array(12345 * 4);
          assertThat(StandIn.leaks()).contains("an array of 49380 bytes is still allocated");
          assertThat(JCudaDriver.cuMemFree(kept)).isZero();
          assertThat(StandIn.leaks()).doesNotContain("49380");
        });
  }

  /// Of two barriers in a row either may go: [BarrierSweep] tells that from a barrier that is
  /// needed.
  @ParameterizedTest
  @CsvSource({"bar.sync, sound_neighbour", "bar.warp.sync, sound_warp"})
  void aSweepNoticesTheBarriersThatAreNeededAndNoOthers(
      String opcode, String kernel, @TempDir Path directory) throws IOException {
    var ptx = PtxKernel.file("../kernels/standin/faults.ptx");
    assertThat(swept(ptx, kernel, directory)).hasSize(2).last().asString().contains("noticed");
    var barrier = Pattern.compile("\t" + Pattern.quote(opcode) + "[^\n]*\n");
    var doubled = barrier.matcher(ptx).replaceAll("$0$0");
    assertThat(swept(doubled, kernel, directory))
        .hasSize(4)
        .satisfies(
            news -> assertThat(news.subList(0, 2)).allMatch(line -> line.contains("reached")))
        .satisfies(news -> assertThat(news.subList(2, 4)).allMatch(line -> line.contains("tried")));
  }

  private static List<String> swept(String ptx, String kernel, Path directory) throws IOException {
    var news = Files.createTempFile(directory, "news", ".txt");
    StandIn.checking(
        ALL,
        () -> {
          StandIn.call("standin_sweep", news.toString());
          var out = array(8L * THREADS);
          assertThat(fault(new PtxKernel(ptx, kernel), 1, Pointer.to(out))).isEmpty();
          assertThat(JCudaDriver.cuMemFree(out)).isZero();
          StandIn.call("standin_sweep", "");
        });
    return Files.readAllLines(news);
  }

  /// A wrong lane computes something else and breaks no rule unless that lane takes no part: what
  /// it computes is for the tests of results to find.
  @Test
  void aWrongLaneShowsInTheResults() {
    var out = array(8L * THREADS);
    assertThat(fault(faults("fault_wrong_lane"), 1, Pointer.to(out))).isEmpty();
    var seen = new double[THREADS];
    try (var stream = StandIn.device().stream()) {
      stream.download(new DeviceArray(out, 8L * THREADS), seen);
    }
    assertThat(seen[4]).isEqualTo(6); // 5 would be right
    assertThat(JCudaDriver.cuMemFree(out)).isZero();
  }

  /// Shipped PTX, but for the first line of a kernel that has some text.
  ///
  /// @param line of the change, from 1
  private record Planted(String ptx, int line) {
    static Planted in(String module, String kernel, String right, String wrong) {
      var lines = new String(KernelImages.ptx(module), StandardCharsets.US_ASCII).split("\n", -1);
      int at = 0;
      while (!lines[at].contains(".entry " + kernel)) {
        at++;
      }
      while (!lines[at].contains(right)) {
        at++;
      }
      lines[at] = lines[at].replace(right, wrong);
      return new Planted(String.join("\n", lines), at + 1);
    }
  }

  /// @param after how many lines after the change it shows
  @ParameterizedTest
  @CsvSource({
    "'%r1, 8;', '%r1, 16;', 'read beyond an array: 8 bytes at', 2",
    "'%rd9]', '%rd9+2]', 'misaligned access: 4 bytes', 0",
    "'[%rd6]', '[%rd6-8]', 'read beyond an array', 0"
  })
  void faultsOfShippedPtxAreFoundWithTheirLines(
      String right, String wrong, String words, int after) {
    StandIn.checking(
        ALL,
        () -> {
          var values = array(8L * THREADS);
          var keys = array(4L * THREADS);
          JCudaDriver.cuMemsetD8Async(values, (byte) 0, 8L * THREADS, null);
          var planted = Planted.in("select", "select_keys_f64", right, wrong);
          var said =
              fault(
                  new PtxKernel(planted.ptx(), "select_keys_f64"),
                  1,
                  Pointer.to(values),
                  Pointer.to(new int[] {THREADS}),
                  Pointer.to(keys));
          assertThat(said)
              .contains("select_keys_f64: " + words)
              .contains("at PTX line " + (planted.line() + after));
          assertThat(JCudaDriver.cuMemFree(values)).isZero();
          assertThat(JCudaDriver.cuMemFree(keys)).isZero();
        });
  }

  /// In shared memory: a barrier that is missing before others add to what a thread cleared, or
  /// before it reads what they added; what is never cleared; a place beyond the last.
  ///
  /// @param at where it may show: lines of the shipped kernel that have this text
  @ParameterizedTest
  @CsvSource({
    "'bar.sync', '// bar.sync', 'race, ', 'atom.shared.add|st.shared'",
    "'st.shared.u32', '// st.shared.u32', 'read of shared memory never written: 4 bytes at', "
        + "'atom.shared.add'",
    "'[%r23], 1', '[%r23+4], 1', 'write beyond shared memory: 4 bytes at 1024', 'atom.shared.add'"
  })
  void faultsOfShippedPtxInSharedMemoryAreFoundWithTheirLines(
      String right, String wrong, String words, String at) {
    boolean race = words.startsWith("race");
    StandIn.checking(
        race ? StandIn.MEMCHECK | StandIn.RACECHECK : ALL,
        () -> {
          var keys = array(4L * DIGITS);
          var state = array(8);
          var counts = array(4L * DIGITS);
          JCudaDriver.cuMemsetD8Async(keys, (byte) 0xff, 4L * DIGITS, null);
          JCudaDriver.cuMemsetD8Async(state, (byte) 0, 8, null);
          JCudaDriver.cuMemsetD8Async(counts, (byte) 0, 4L * DIGITS, null);
          var planted = Planted.in("select", "select_count_f64", right, wrong);
          int code =
              new PtxKernel(planted.ptx(), "select_count_f64")
                  .run(
                      1,
                      DIGITS,
                      4 * DIGITS,
                      Pointer.to(keys),
                      Pointer.to(new int[] {DIGITS}),
                      Pointer.to(state),
                      Pointer.to(new int[] {24}),
                      Pointer.to(counts));
          assertThat(code).isNotZero();
          var said = CudaFailure.words(code);
          assertThat(said).contains("select_count_f64: " + words);
          assertThat(lineOf(said, planted.ptx())).containsPattern(at);
          for (var array : List.of(keys, state, counts)) {
            assertThat(JCudaDriver.cuMemFree(array)).isZero();
          }
        });
  }

  private static String lineOf(String said, String ptx) {
    var found = Pattern.compile("at PTX line (\\d+)").matcher(said);
    assertThat(found.find()).as(said).isTrue();
    return ptx.split("\n", -1)[Integer.parseInt(found.group(1)) - 1];
  }

  /// As with `fault_wrong_lane`: the numbers tell, and nothing else can.
  @Test
  void aWrongLaneOfShippedPtxShowsInTheResults() {
    var right = new String(KernelImages.ptx("lbfgsb"), StandardCharsets.US_ASCII);
    assertThat(running(right)).containsExactly(1, 2, 4);
    var wrong =
        Planted.in("lbfgsb", "lbfgsb_running_f64", "%r43, %r45, %r129", "%r43, %r129, %r129");
    assertThat(wrong.ptx().split("\n")[wrong.line() - 1]).contains("shfl.sync.up");
    assertThat(running(wrong.ptx())).isNotEqualTo(new int[] {1, 2, 4});
  }

  /// Which of five starts have not ended, where the first and the fourth have.
  private static int[] running(String ptx) {
    var list = new int[3];
    try (var stream = StandIn.device().stream();
        var arena = StandIn.device().memory().arena()) {
      var done = stream.place(new int[] {1, 0, 0, 1, 0}, arena);
      var found = stream.place(new int[5], arena);
      var count = arena.ints(1);
      stream.synchronise();
      int code =
          new PtxKernel(ptx, "lbfgsb_running_f64")
              .run(
                  1,
                  DIGITS,
                  4 * 8,
                  Pointer.to(new int[] {5}),
                  Pointer.to(done.pointer()),
                  Pointer.to(found.pointer()),
                  Pointer.to(count.pointer()));
      assertThat(code).isZero();
      stream.download(found, list);
    }
    return list;
  }
}
