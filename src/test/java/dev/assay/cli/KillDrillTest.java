package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A short kill drill; the whole one is [KillDrill]'s main.
class KillDrillTest {
  @TempDir Path directory;

  @Test
  @Timeout(300)
  void nothingIsLostAndNothingIsLeftOver() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "the trials are shell scripts");
    var report = new KillDrill(directory, 3, 24, 0.2, 1).run();
    assertThat(report.trials())
        .extracting(trial -> trial.number())
        .isEqualTo(IntStream.range(0, 24).boxed().toList());
    assertThat(report.trials()).allMatch(KillDrill::isRight);
    assertThat(report.survivors()).isZero();
  }
}
