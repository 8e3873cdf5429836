package dev.assay.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.report.ReportData;
import dev.assay.report.StudiesComparison;
import dev.assay.report.StudyThumbnail;
import dev.assay.report.StudyView;
import dev.assay.run.table.ReplayTable;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Cause;
import dev.assay.trial.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class KernelResultsTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder()
          .add("size", Choice.of(256, 1024))
          .add("block", Choice.of(16, 32))
          .add("fast", Choice.of(false, true))
          .build();

  @TempDir private Path directory;

  /// As `run.kernel` leaves it: 32 wrong, 16 the faster for 256 only.
  private static StudyView view() {
    try (Study<Configuration> study = Study.over(SPACE).named("gemm").minimize("time_ms").open()) {
      study.putFact("kernel_device", Map.of("device", "A card"));
      tell(study, 256, 16, true, 1.5);
      tell(study, 256, 32, true, 2);
      tell(study, 1024, 16, false, 40);
      tell(study, 1024, 32, false, 30);
      var wrong = study.beginWith(Map.of("size", 1024, "block", 32, "fast", true));
      wrong.attribute("invalidity", "correctness");
      study.tell(wrong, Outcome.failed(Cause.ERROR, "correctness: wrong answer"));
      return StudyView.of(study);
    }
  }

  private static void tell(
      Study<Configuration> study, int size, int block, boolean fast, double time) {
    var trial = study.beginWith(Map.of("size", size, "block", block, "fast", fast));
    trial.attribute("invalidity", "correct");
    trial.attribute("compile_ms", 120.0);
    trial.attribute("runs_ms", List.of(time - 0.5, time, time + 1));
    study.tell(trial, Outcome.complete(time));
  }

  @Test
  void whatTheStudyWasToldIsGivenNeedNotBeSaidAgain() {
    try (Study<Configuration> study = Study.over(SPACE).named("gemm").minimize("time_ms").open()) {
      study.putFact("kernel_context", List.of("size"));
      tell(study, 256, 16, true, 1.5);
      tell(study, 1024, 16, false, 40);
      tell(study, 1024, 32, false, 30);
      var view = StudyView.of(study);
      assertThat(StudyExport.text(view, "header", List.of()))
          .contains("#if size == 256", "#elif size == 1024\n// time_ms 30.0")
          .isEqualTo(StudyExport.text(view, "header", List.of("size")));
      assertThat(StudyExport.text(view, "wisdom", List.of()))
          .isEqualTo(StudyExport.text(view, "wisdom", List.of("size")));
    }
  }

  /// What breaks a bound is never the best, with parameters that are given or without.
  @Test
  void whatBreaksABoundIsNotTheBest() {
    try (Study<Configuration> study =
        Study.over(SPACE).named("gemm").minimize("time_ms").subjectTo("watts <= 200").open()) {
      var hot = study.beginWith(Map.of("size", 256, "block", 16, "fast", true));
      hot.attribute("watts", 300.0);
      study.tell(hot, Outcome.complete(1));
      assertThatThrownBy(() -> StudyExport.text(StudyView.of(study), "wisdom", List.of("size")))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("subject_to");
      var cool = study.beginWith(Map.of("size", 256, "block", 32, "fast", true));
      cool.attribute("watts", 150.0);
      study.tell(cool, Outcome.complete(2));
      var view = StudyView.of(study);
      for (var by : List.of(List.<String>of(), List.of("size"))) {
        assertThat(StudyExport.text(view, "header", by))
            .contains("#define block 32", "time_ms 2.0")
            .doesNotContain("time_ms 1.0");
      }
      var curves = StudiesComparison.of(List.of(ReportData.Source.of(view)));
      assertThat(JsonMapper.shared().valueToTree(curves).at("/studies/0/byTrial").toString())
          .isEqualTo("[[2,2.0]]");
      assertThat(StudyThumbnail.of("gemm", ReportData.Source.of(view), null))
          .containsEntry("curve", List.of(2.0));
    }
  }

  /// A text is no number that the preprocessor could compare: two names that it does not know are
  /// both 0 to it.
  @Test
  void aHeaderAsksForTextsByNames() {
    var space =
        SearchSpace.builder()
            .add("device", Choice.of("H200", "RTX 4090"))
            .add("block", Choice.of(16, 32))
            .build();
    try (Study<Configuration> study = Study.over(space).named("gemm").minimize("time_ms").open()) {
      for (var device : List.of("H200", "RTX 4090")) {
        var trial = study.beginWith(Map.of("device", device, "block", 16));
        trial.attribute("device", "NVIDIA " + device);
        study.tell(trial, Outcome.complete(1));
      }
      var view = StudyView.of(study);
      assertThat(StudyExport.text(view, "header", List.of("device")))
          .startsWith(
              "// The best parameters of the study gemm, on NVIDIA H200, NVIDIA RTX 4090.\n")
          .contains("#if defined(device_H200)\n", "#elif defined(device_RTX_4090)\n");
      var wisdom =
          JsonMapper.shared().readTree(StudyExport.text(view, "wisdom", List.of("device")));
      assertThat(wisdom.at("/best/1/device").asString()).isEqualTo("NVIDIA RTX 4090");
      assertThat(wisdom.at("/best/1/given/device").asString()).isEqualTo("RTX 4090");
    }
  }

  @Test
  void aHeaderHasTheBestForWhatIsGiven() {
    assertThat(StudyExport.text(view(), "header", List.of()))
        .contains("A card", "#define size 256\n#define block 16\n#define fast 1\n");
    assertThat(StudyExport.text(view(), "header", List.of("size")))
        .contains(
            "#if size == 256\n// time_ms 1.5 (trial 0)\n#define block 16\n#define fast 1\n",
            "#elif size == 1024\n// time_ms 30.0 (trial 3)\n#define block 32\n#define fast 0\n",
            "#else\n#error \"not tuned for this size\"\n#endif\n");
    assertThatThrownBy(() -> StudyExport.text(view(), "header", List.of("sise")))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("size");
  }

  @Test
  void wisdomIsTheSameForPrograms() {
    var best = JsonMapper.shared().readTree(StudyExport.text(view(), "wisdom", List.of("size")));
    assertThat(best.at("/device").asString()).isEqualTo("A card");
    assertThat(best.at("/best")).hasSize(2);
    assertThat(best.at("/best/1/given/size").asInt()).isEqualTo(1024);
    assertThat(best.at("/best/1/parameters/block").asInt()).isEqualTo(32);
    assertThat(best.at("/best/1/parameters").has("size")).isFalse();
    assertThat(best.at("/best/1/values/time_ms").asDouble()).isEqualTo(30);
  }

  /// What is written is what is read: as a table, by either format.
  @Test
  void resultsAreTablesAgain() throws IOException {
    for (var format : List.of("t4", "kernel_tuner")) {
      var file = directory.resolve(format + ".json");
      Files.writeString(file, StudyExport.text(view(), format, List.of()));
      var table = ReplayTable.read(file);
      assertThat(table.rows()).as(format).isEqualTo(5);
      assertThat(table.metric()).isEqualTo("time_ms");
      var written = JsonMapper.shared().readTree(Files.readString(file));
      if (format.equals("t4")) {
        assertThat(written.at("/results/4/invalidity").asString()).isEqualTo("correctness");
        assertThat(written.at("/results/0/times/runtimes")).hasSize(3);
        assertThat(written.at("/results/0/measurements/0/value").asDouble()).isEqualTo(1.5);
      } else {
        assertThat(written.at("/cache/1024,32,true/time").asString()).isEqualTo("InvalidConfig");
        assertThat(written.at("/cache/256,16,true/time").asDouble()).isEqualTo(1.5);
      }
    }
  }
}
