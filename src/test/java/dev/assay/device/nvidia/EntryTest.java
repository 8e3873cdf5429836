package dev.assay.device.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EntryTest {
  /// As nvcc and NVRTC write them; sizes by the PTX ISA.
  private static final String PTX =
      """
      .version 9.0
      .visible .entry none()
      { ret; }
      .entry bare
      { ret; }
      .visible .entry _Z4gemmPKfPf5Sizes(
      \t.param .u64 .ptr .align 1 _Z4gemmPKfPf5Sizes_param_0,
      \t.param .u64 _Z4gemmPKfPf5Sizes_param_1,
      \t.param .align 4 .b8 _Z4gemmPKfPf5Sizes_param_2[12],
      \t.param .f32 _Z4gemmPKfPf5Sizes_param_3,
      \t.param .u8 _Z4gemmPKfPf5Sizes_param_4
      )
      .maxntid 256, 1, 1
      { ret; }
      """;

  @Test
  void aKernelIsFoundByTheNameInItsSourceWithTheBytesOfItsParameters() {
    assertThat(Entry.find(PTX, "gemm"))
        .hasValue(new Entry("_Z4gemmPKfPf5Sizes", java.util.List.of(8, 8, 12, 4, 1)));
    assertThat(Entry.find(PTX, "none")).hasValue(new Entry("none", java.util.List.of()));
    assertThat(Entry.find(PTX, "bare")).hasValue(new Entry("bare", java.util.List.of()));
    assertThat(Entry.find(PTX, "gem")).isEmpty();
  }
}
