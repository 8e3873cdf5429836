package dev.assay.process;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class LinuxProcessesTest {
  private final LinuxProcesses processes = new LinuxProcesses();

  private static Process sleeping(Map<String, String> environment) throws IOException {
    var builder = new ProcessBuilder("sleep", "60");
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  @Test
  void aChildIsFoundUnderItsParent() throws Exception {
    var child = sleeping(Map.of());
    try {
      var entry = processes.list(pid -> pid == child.pid()).get(child.pid());
      assertThat(entry).isNotNull();
      assertThat(requireNonNull(entry).parent()).isEqualTo(ProcessHandle.current().pid());
      assertThat(entry.started()).isPositive().isEqualTo(processes.started(child.pid()));
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertThat(processes.started(child.pid())).isZero();
    assertThat(processes.list(pid -> pid == child.pid())).isEmpty();
  }

  /// What `/proc` says is longer than any guess, and of no size that it tells.
  @Test
  void aMarkerIsFoundInALongEnvironment() throws Exception {
    for (int length : new int[] {0, 2000, 2040, 2048, 100_000}) {
      var child =
          sleeping(Map.of("A", "x".repeat(length), "MARK", "here/1", "Z", "y".repeat(length)));
      try {
        var mine = processes.list(pid -> pid == child.pid()).values();
        assertThat(processes.marked(mine, "MARK", "here/1")).hasSize(1);
        assertThat(processes.marked(mine, "MARK", "here/")).hasSize(1); // what is below it
        assertThat(processes.marked(mine, "MARK", "here")).isEmpty();
        assertThat(processes.marked(mine, "ARK", "here/1")).isEmpty();
      } finally {
        child.destroyForcibly().waitFor();
      }
    }
  }
}
