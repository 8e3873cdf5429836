package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.report.HtmlReport;
import dev.assay.report.StudyView;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecisionTableTest {
  @Test
  void theSummaryHasTheBestForEachValueThatIsGiven() {
    var space =
        SearchSpace.builder()
            .add("block", Choice.of(16, 32))
            .add("size", Choice.of(256, 1024))
            .build();
    try (Study<Configuration> study = Study.over(space).named("gemm").minimize("time_ms").open()) {
      study.putFact("kernel_context", List.of("size"));
      for (var tried :
          new double[][] {{16, 1024, 40}, {32, 1024, 30}, {16, 256, 1.5}, {32, 256, 2}}) {
        var trial = study.beginWith(Map.of("block", (int) tried[0], "size", (int) tried[1]));
        study.tell(trial, Outcome.complete(tried[2]));
      }
      var lines = Summary.lines(StudyView.of(study));
      assertThat(lines)
          .startsWith(
              "Best for each size:",
              "  size  time_ms  trial  block",
              "   256      1.5      2     16",
              "  1024       30      1     32")
          .noneMatch(line -> line.startsWith("Best time_ms"));
      assertThat(HtmlReport.page(StudyView.of(study), Instant.EPOCH))
          .contains(
              "\"given\":[\"size\"],\"decisions\":[{\"trial\":2,\"row\":2,\"value\":1.5,\"params\":"
                  + "{\"block\":\"16\",\"size\":\"256\"}},{\"trial\":1,");
    }
  }
}
