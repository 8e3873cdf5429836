package dev.assay.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProvenanceTest {
  private static List<String> processor(String name, String flags) {
    return List.of(
        "processor\t: 0",
        "cpu family\t: 25",
        "model\t\t: 17",
        "model name\t: " + name,
        "flags\t\t: fpu sse2 " + flags,
        "");
  }

  @Test
  void aNameThatTellsTheModelIsEnough() {
    assertThat(Provenance.cpu(processor("AMD EPYC 9654", "avx2"))).isEqualTo("AMD EPYC 9654");
  }

  @Test
  void aNameThatHidesTheModelIsMadeDistinct() {
    assertThat(Provenance.cpu(processor("AMD EPYC", "avx avx2 bmi2")))
        .isEqualTo("AMD EPYC (family 25, model 17, AVX2)");
    assertThat(Provenance.cpu(processor("AMD EPYC", "avx2 avx512f")))
        .isEqualTo("AMD EPYC (family 25, model 17, AVX-512)");
  }

  @Test
  void withoutANameItIsTheArchitecture() {
    assertThat(Provenance.cpu(List.of("Hardware: board"))).isEqualTo(System.getProperty("os.arch"));
  }
}
