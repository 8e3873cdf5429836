package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NoDriverTest {
  @Test
  void aMissingDriverIsAReasonAndAMend() {
    assertThat(DriverProbe.look("libno-such-driver.so.1"))
        .isInstanceOfSatisfying(
            DriverProbe.Finding.Unusable.class,
            unusable -> {
              assertThat(unusable.reason()).contains("No NVIDIA driver").contains("libno-such");
              assertThat(unusable.mend()).contains("525");
            });
  }

  @Test
  void versionsReadAsPeopleWriteThem() {
    assertThat(DriverProbe.words(12060)).isEqualTo("12.6");
    assertThat(DriverProbe.words(13000)).isEqualTo("13.0");
  }
}
