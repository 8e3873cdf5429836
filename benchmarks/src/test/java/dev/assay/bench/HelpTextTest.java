package dev.assay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// `assay bench --help` is answered by the launcher from `packaging/help`, without building.
class HelpTextTest {
  @Test
  void theLauncherSaysWhatTheCommandSays() {
    assertThat(Path.of("..", "packaging", "help", "bench.txt"))
        .hasContent(new CommandLine(new Main()).getUsageMessage(CommandLine.Help.Ansi.OFF));
  }
}
