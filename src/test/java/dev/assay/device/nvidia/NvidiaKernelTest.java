package dev.assay.device.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.device.cuda.StandIn;
import dev.assay.kernel.Invalidity;
import dev.assay.kernel.KernelDevice;
import dev.assay.kernel.KernelFailure;
import dev.assay.kernel.KernelModule;
import dev.assay.kernel.KernelSource;
import dev.assay.kernel.Launch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Kernels through the driver's functions, on the stand-in of `kernels/standin`.
@Tag("standin")
class NvidiaKernelTest {
  /// out[i] = in[i] + step, for i below n; `plus` is also what C++ would call plus(const int*,
  /// int*, int).
  private static final String PTX =
      """
      .version 6.3
      .target sm_75
      .address_size 64
      .visible .entry _Z4plusPKiPii(
        .param .u64 in, .param .u64 out, .param .u32 n)
      {
        .reg .pred %p<2>;
        .reg .b32 %r<8>;
        .reg .b64 %rd<8>;
        ld.param.u64 %rd1, [in];
        ld.param.u64 %rd2, [out];
        ld.param.u32 %r1, [n];
        mov.u32 %r2, %ctaid.x;
        mov.u32 %r3, %ntid.x;
        mov.u32 %r4, %tid.x;
        mad.lo.s32 %r5, %r2, %r3, %r4;
        setp.ge.s32 %p1, %r5, %r1;
        @%p1 bra DONE;
        mul.wide.s32 %rd3, %r5, 4;
        add.s64 %rd4, %rd1, %rd3;
        ld.global.u32 %r6, [%rd4];
        add.s32 %r7, %r6, STEP;
        add.s64 %rd5, %rd2, %rd3;
        st.global.u32 [%rd5], %r7;
      DONE:
        ret;
      }
      """;

  @BeforeAll
  static void standIn() {
    StandIn.use();
    System.setProperty(
        "assay.cuda.library", Path.of("target/standin/libcuda.so.1").toAbsolutePath().toString());
  }

  private static KernelSource source(String text, String function) {
    return new KernelSource("plus.ptx", text, function, Map.of(), List.of());
  }

  @Test
  void aKernelOfPtxIsRunAndItsGuardsAreLookedAt() throws KernelFailure {
    try (KernelDevice device = new NvidiaBackend().open(0);
        var in = device.allocate(400);
        var out = device.allocate(400);
        var arena = Arena.ofConfined();
        KernelModule module = device.compile(source(PTX.replace("STEP", "7"), "plus"))) {
      assertThat(device.facts()).containsEntry("backend", "cuda").containsKey("capability");
      var numbers = arena.allocate(ValueLayout.JAVA_INT, 100);
      for (int i = 0; i < 100; i++) {
        numbers.setAtIndex(ValueLayout.JAVA_INT, i, i);
      }
      in.write(numbers);
      var zeros = arena.allocate(400);
      out.write(zeros);
      var count = arena.allocateFrom(ValueLayout.JAVA_INT, 100);
      module.bind(
          List.of(
              new KernelModule.Bound(in, null, 0),
              new KernelModule.Bound(out, null, 0),
              new KernelModule.Bound(null, count, 0)));
      assertThat(module.run(new Launch(List.of(4L), List.of(32L), 0))).isNotNegative();
      out.read(numbers);
      for (int i = 0; i < 100; i++) {
        assertThat(numbers.getAtIndex(ValueLayout.JAVA_INT, i)).isEqualTo(i + 7);
      }
      assertThat(trespassed(out, arena)).isFalse();
      count.set(ValueLayout.JAVA_INT, 0, 101); // one element too many
      module.bind(
          List.of(
              new KernelModule.Bound(in, null, 0),
              new KernelModule.Bound(out, null, 0),
              new KernelModule.Bound(null, count, 0)));
      var _ = module.run(new Launch(List.of(4L), List.of(32L), 0));
      assertThat(trespassed(out, arena)).isTrue();
    }
  }

  private static boolean trespassed(dev.assay.kernel.DeviceBuffer buffer, Arena arena) {
    MemorySegment guards = arena.allocate(2 * dev.assay.kernel.DeviceBuffer.GUARD_BYTES);
    buffer.readGuards(guards);
    for (long i = 0; i < guards.byteSize(); i++) {
      if (guards.get(ValueLayout.JAVA_BYTE, i) != dev.assay.kernel.DeviceBuffer.GUARD) {
        return true;
      }
    }
    return false;
  }

  @Test
  void whatTheDriverRefusesIsAFailure() throws KernelFailure {
    try (var device = new NvidiaBackend().open(0)) {
      assertThatThrownBy(() -> device.compile(source(PTX, "plus")))
          .isInstanceOfSatisfying(
              KernelFailure.class,
              failure -> assertThat(failure.invalidity()).isEqualTo(Invalidity.COMPILE));
      assertThatThrownBy(() -> device.compile(source(PTX.replace("STEP", "1"), "minus")))
          .hasMessageContaining("no kernel minus");
      try (var module = device.compile(source(PTX.replace("STEP", "1"), "plus"))) {
        assertThatThrownBy(() -> module.run(new Launch(List.of(1L), List.of(4096L), 0)))
            .isInstanceOfSatisfying(
                KernelFailure.class,
                failure -> assertThat(failure.invalidity()).isEqualTo(Invalidity.RUNTIME));
        assertThatThrownBy(() -> module.run(new Launch(List.of(1L), List.of(32L), 1 << 20)))
            .hasMessageContaining("bytes of shared memory");
      }
    }
  }

  /// The words are the driver's: 700 is an illegal address.
  @Test
  void anErrorOfTheDriverIsSaidInWords() {
    assertThat(Driver.load().words(700)).contains("CUDA error 700");
  }
}
