package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A short [ServingDrill]; a long one with `-Dassay.kills=50`.
class ServingDrillTest {
  private static final int KILLS = Integer.getInteger("assay.kills", 2);
  private static final int TRIALS = 30 * KILLS;

  @TempDir Path directory;

  @Test
  @Timeout(7200)
  void everyNumberIsToldOnceAndNothingIsLostWhenTheServiceIsKilled() throws Exception {
    var report = new ServingDrill(directory, KILLS, TRIALS).run();
    assertThat(report.killed()).isEqualTo(KILLS);
    assertThat(report.refused()).isEmpty();
    assertThat(report.twice()).isZero();
    assertThat(report.trials())
        .extracting(trial -> trial.number())
        .containsExactlyElementsOf(IntStream.range(0, TRIALS).boxed().toList());
    assertThat(report.right()).isEqualTo(TRIALS);
  }
}
