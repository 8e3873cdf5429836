package dev.assay.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.storage.StudyFacts;
import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
  @TempDir private Path directory;

  @Test
  void aBigStudyHasItsTrialsAndParametersAndCanBeRead() {
    var file = directory.resolve("study.db");
    new BigStudy("big", 500, 7).write(file);
    var trials = new ArrayList<TrialRecord>();
    try (var storage = new SqliteStorage(file);
        var study = storage.read("big").orElseThrow()) {
      var space = StudyFacts.space(study.definition(), study.facts());
      assertThat(space.parameters()).hasSize(7);
      study.load(space, trials::add);
    }
    assertThat(trials).hasSize(500);
    assertThat(trials.stream().map(TrialRecord::configuration).distinct()).hasSize(500);
    for (var state : List.of(TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAILED)) {
      assertThat(trials.stream().filter(trial -> trial.state() == state)).isNotEmpty();
    }
    assertThat(trials)
        .filteredOn(trial -> trial.state() == TrialState.PRUNED)
        .allMatch(trial -> trial.reports().size() == 3);
  }

  @Test
  void whatAProgramUsedIsItsOwn() throws Exception {
    var output = directory.resolve("output");
    var words =
        List.of(
            "/bin/sh", "-c", "i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done; echo $X; exit 3");
    var used = Rusage.run(words, Map.of("X", "said"), output, directory.resolve("errors"));
    assertThat(used.status() >> 8).isEqualTo(3);
    assertThat(Files.readString(output)).isEqualTo("said\n");
    assertThat(used.cpuSeconds()).isPositive();
    assertThat(used.wallSeconds()).isPositive();
    // A shell's, and not that of the JVM that started it.
    assertThat(used.peakBytes()).isBetween(100_000L, 20_000_000L);
  }
}
