package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.report.StudyView;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `budget: {time: {limit: ..., cut: true}}` ends trials under way.
@Timeout(120)
class TimeCutTest {
  /// Its trials end once there is a file.
  private static final String STUDY =
      """
      name: cut
      objective:
        command: [sh, -c, 'while [ ! -e go ]; do sleep 0.05; done; echo "@assay {\\"v\\": {x}}"']
      minimize: v
      space: {x: {float: [0, 1]}}
      sampler: random
      budget: {trials: 2, time: {limit: 1s, cut: true}}
      """;

  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private int tune(String text, String... more) throws IOException {
    out.reset();
    var stream = new PrintStream(out);
    var file = Files.writeString(directory.resolve("cut.yaml"), text);
    var args = new java.util.ArrayList<>(List.of("tune", file.toString(), "--storage", storage()));
    args.addAll(List.of(more));
    return Main.run(new Console(stream, stream), args.toArray(new String[0]));
  }

  private String storage() {
    return "sqlite:" + directory.resolve("study.db");
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private List<TrialRecord> trials() {
    try (var storage = new SqliteStorage(directory.resolve("study.db"))) {
      return StudyView.of(storage.read("cut").orElseThrow()).trials();
    }
  }

  @Test
  void trialsUnderWayWaitForTheNextRun() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "the program is a shell script");
    assertThat(tune(STUDY)).isEqualTo(ExitCode.NO_TRIAL_COMPLETED);
    assertThat(said())
        .contains("Stopped because the time budget is used; trials that were under way wait");
    assertThat(trials()).allMatch(trial -> trial.state() == TrialState.WAITING);
    Files.createFile(directory.resolve("go"));
    assertThat(tune(STUDY, "--set", "budget.time={limit: 1h, cut: true}")).isZero();
    assertThat(said()).contains("the budget of trials is used");
    assertThat(trials())
        .hasSize(2)
        .allMatch(trial -> trial.state() == TrialState.COMPLETE)
        .allMatch(trial -> trial.value() == trial.configuration().number("x"));
  }

  @Test
  void whereNothingIsUnderWayItIsRefused() throws IOException {
    var told = STUDY.replaceAll("(?s)objective:.*minimize", "minimize");
    assertThat(tune(told)).isEqualTo(2);
    assertThat(said()).contains("Trials of clients cannot be cut.", "budget.time.cut");
  }
}
