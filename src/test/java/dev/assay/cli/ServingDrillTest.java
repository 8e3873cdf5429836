package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A short [ServingDrill].
class ServingDrillTest {
  @TempDir Path directory;

  @Test
  @Timeout(180)
  void everyNumberIsToldOnceAndNothingIsLostWhenTheServiceIsKilled() throws Exception {
    var report = new ServingDrill(directory, 2, 60).run();
    assertThat(report.killed()).isEqualTo(2);
    assertThat(report.refused()).isEmpty();
    assertThat(report.twice()).isZero();
    assertThat(report.trials())
        .extracting(trial -> trial.number())
        .containsExactlyElementsOf(IntStream.range(0, 60).boxed().toList());
    assertThat(report.right()).isEqualTo(60);
  }
}
