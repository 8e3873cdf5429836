package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.report.StudyView;
import dev.assay.storage.sql.Storages;
import dev.assay.trial.TrialRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A worker that would run something else than the others is refused before a trial begins.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "trials are shell scripts")
class RefusedWorkersTest {
  @TempDir Path directory;

  private String url() {
    return "sqlite:" + directory.resolve("study.db");
  }

  private String run(int code, String... words) {
    var out = new ByteArrayOutputStream();
    var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    assertThat(Main.run(new Console(stream, stream), words)).as(out::toString).isEqualTo(code);
    return out.toString(StandardCharsets.UTF_8);
  }

  private List<TrialRecord> trials() {
    try (var storage = Storages.at(url())) {
      return storage.read("s").map(study -> StudyView.of(study).trials()).orElseThrow();
    }
  }

  /// A study with a trial, begun in `here`; there is more of it to do.
  private Path begin(String objective, String file, String content, String rest)
      throws IOException {
    var here = Files.createDirectories(directory.resolve("here"));
    Files.writeString(here.resolve(file), content);
    var study =
        Files.writeString(
            here.resolve("s.yaml"),
            "name: s\nobjective: " + objective + "\nsampler: random\nseed: 1\n" + rest);
    run(ExitCode.DONE, "tune", study.toString(), "--storage", url(), "--trials", "1", "--quiet");
    return Files.createDirectories(directory.resolve("there"));
  }

  private String refused(Path there) {
    var before = trials();
    var said = run(ExitCode.BAD_INPUT, "work", url() + "#s", "--directory", there.toString());
    assertThat(trials()).isEqualTo(before);
    return said;
  }

  private Path beginWithProgram() throws IOException {
    return begin(
        "{command: [sh, train.sh, '{x}'], grace: 300ms}",
        "train.sh",
        "echo \"@assay {\\\"loss\\\": $1}\"\n",
        "minimize: loss\nspace: {x: {float: [0, 1]}}\n");
  }

  @Test
  void aWorkerWithAnotherProgramIsRefused() throws Exception {
    var there = beginWithProgram();
    assertThat(refused(there)).contains("train.sh");
    Files.writeString(there.resolve("train.sh"), "echo '@assay {\"loss\": 0}'\n");
    assertThat(refused(there)).contains("train.sh");
  }

  @Test
  void aWorkerOfAnotherVersionIsRefused() throws Exception {
    var there = beginWithProgram();
    Files.copy(directory.resolve("here/train.sh"), there.resolve("train.sh"));
    try (var storage = Storages.at(url())) {
      storage.putFact("s", StudyView.PROVENANCE, Map.of("version", "99.0"));
    }
    assertThat(refused(there)).contains("another version of Assay", "99.0");
  }

  @Test
  void aWorkerWithoutTheDataOrWithOtherDataIsRefused() throws Exception {
    var rows = new StringBuilder("a,b,label\n");
    for (int i = 0; i < 90; i++) {
      rows.append(i % 7).append(',').append(i % 5).append(',').append(i % 2).append('\n');
    }
    var there =
        begin(
            "{train: mlp, data: mine.csv, cv: 2, fixed: {epochs: 1}}",
            "mine.csv",
            rows.toString(),
            "maximize: accuracy\nspace: {learning_rate: {float: [0.001, 0.1]}}\n");
    assertThat(refused(there)).contains("mine.csv");
    Files.writeString(there.resolve("mine.csv"), rows.append("1,1,1\n"));
    assertThat(refused(there)).contains("mine.csv");
  }
}
