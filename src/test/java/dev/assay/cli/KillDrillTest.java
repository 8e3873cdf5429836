package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Short kill drills; long ones with `-Dassay.kills=100`.
class KillDrillTest {
  private static final int KILLS = Integer.getInteger("assay.kills", 1);

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  @Timeout(7200) // of a long one; the drill itself gives up where nothing moves
  void nothingIsLostTwiceOrLeftOver(DrilledStudy study) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "the trials are shell scripts");
    var report = new KillDrill(study, directory, KILLS, 8 + 4 * KILLS, 0.1, 1).run();
    assertThat(report.faults()).isEmpty();
    assertThat(report.killed()).isGreaterThanOrEqualTo(KILLS);
  }
}
