package dev.assay.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Cause;
import dev.assay.trial.Objective;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// The JSON answers, CSV and the terminal's table, to the letter.
final class DocumentsTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder()
          .add("x", new FloatRange(0, 1))
          .add("kind", Choice.of("plain", "with, comma", List.of(1, 2)))
          .add("depth", new FloatRange(0, 1), Condition.when("kind", "plain"))
          .build();

  private static TrialRecord trial(
      int number,
      TrialState state,
      Map<String, Object> values,
      List<Double> result,
      @Nullable Cause cause,
      String detail) {
    return new TrialRecord(
        number,
        state,
        SPACE.configuration(values),
        Map.of(),
        number == 0
            ? List.of(new Report(1, List.of(0.75)), new Report(2, List.of(Double.NaN)))
            : List.of(),
        result,
        cause,
        detail,
        number == 0 ? Map.of("folds", List.of(0.5, Double.NaN)) : Map.of(),
        state == TrialState.WAITING ? 0 : 1_767_225_600_500L,
        state.isFinished() ? 1.25 : 0,
        0);
  }

  private static StudyView view() {
    return StudyView.of(
        SampleStudies.definition("s", SPACE, Objective.minimize("loss")),
        List.of(
            trial(
                2,
                TrialState.WAITING,
                Map.of("x", 0.5, "kind", List.of(1, 2)),
                List.of(),
                null,
                ""),
            trial(
                0,
                TrialState.COMPLETE,
                Map.of("x", 0.25, "kind", "plain", "depth", 1),
                List.of(0.5),
                null,
                ""),
            trial(
                1,
                TrialState.FAILED,
                Map.of("x", 1, "kind", "with, comma"),
                List.of(),
                Cause.OUT_OF_MEMORY,
                "said \"no\"\nand ended")),
        Map.of(
            "backend",
            "cpu",
            "seconds",
            Map.of("wall", 2.0, "suggest", 0.5, "storage", 0.25, "idle", 0)));
  }

  @Test
  void resultHasEveryKey() {
    assertThat(json(ResultDocument.of(view())))
        .isEqualTo(
            """
            {"study":"s","trials":{"completed":1,"pruned":0,"failed":1},\
            "best":[{"id":0,"params":{"x":0.25,"kind":"plain","depth":1.0},"values":{"loss":0.5}}],\
            "seconds":{"wall":2.0,"suggest":0.5,"storage":0.25,"idle":0.0},"backend":"cpu","seed":42,\
            "precision":"fp32"}\
            """);
  }

  @Test
  void resultOfAnEmptyStudyHasEveryKey() {
    assertThat(json(ResultDocument.of(SampleStudies.empty())))
        .isEqualTo(
            """
            {"study":"empty","trials":{"completed":0,"pruned":0,"failed":0},"best":[],\
            "seconds":{"wall":0.0,"suggest":0.0,"storage":0.0,"idle":0.0},"backend":null,"seed":42,\
            "precision":"fp32"}\
            """);
  }

  @Test
  void trialsHaveEveryKeyAndNullWhereUnknown() {
    assertThat(json(TrialsDocument.of(view())))
        .isEqualTo(
            """
            [{"id":0,"state":"complete","params":{"x":0.25,"kind":"plain","depth":1.0},"values":{"loss":0.5},\
            "steps":[{"step":1,"values":{"loss":0.75}},{"step":2,"values":{"loss":null}}],"cause":null,"detail":null,\
            "started":"2026-01-01T00:00:00.500Z","seconds":1.25,"attributes":{"folds":[0.5,null]},"confirms":null},\
            {"id":1,"state":"failed","params":{"x":1.0,"kind":"with, comma"},"values":null,"steps":[],\
            "cause":"out_of_memory","detail":"said \\"no\\"\\nand ended","started":"2026-01-01T00:00:00.500Z",\
            "seconds":1.25,"attributes":{},"confirms":null},\
            {"id":2,"state":"waiting","params":{"x":0.5,"kind":[1,2]},"values":null,"steps":[],"cause":null,\
            "detail":null,"started":null,"seconds":null,"attributes":{},"confirms":null}]\
            """);
  }

  @Test
  void csvQuotesWhatNeedsIt() throws IOException {
    var csv = new StringBuilder();
    CsvExport.write(view(), csv);
    assertThat(csv.toString())
        .isEqualTo(
            """
            id,state,value_loss,param_x,param_kind,param_depth,cause,detail,started,seconds,restarts,steps,attribute_folds
            0,complete,0.5,0.25,plain,1.0,,,2026-01-01T00:00:00.500Z,1.25,0,2,"[0.5,null]"
            1,failed,,1.0,"with, comma",,out_of_memory,"said ""no""
            and ended",2026-01-01T00:00:00.500Z,1.25,0,0,
            2,waiting,,0.5,"[1,2]",,,,,,0,0,
            """);
  }

  @Test
  void tableGivesEachParameterAColumnWhereThereIsRoom() {
    assertThat(TrialsTable.of(view(), 100))
        .isEqualTo(
            """
            id  state     loss    time     x         kind  depth  cause
             0  complete   0.5  1.25 s  0.25        plain      1
             1  failed          1.25 s     1  with, comma         out_of_memory
             2  waiting                  0.5        [1,2]
            """);
  }

  @Test
  void tableIsCutToTheWidth() {
    assertThat(TrialsTable.of(view(), 50))
        .isEqualTo(
            """
            id  state     loss    time  parameters
             0  complete   0.5  1.25 s  x=0.25 kind=plain dep…
             1  failed          1.25 s  out_of_memory: x=1 ki…
             2  waiting                 x=0.5 kind=[1,2]
            """);
  }

  @Test
  void figuresReadWell() {
    assertThat(
            List.of(0.0, 0.98124, -12.5, 12345.678, 1.3e-5, 2.5e9, 1e-310).stream()
                .map(Figures::number))
        .containsExactly("0", "0.9812", "-12.5", "12346", "1.3e-05", "2500000000", "1e-310");
    assertThat(
            List.of(0.00035, 0.0123, 4.214, 59.96, 200.0, 7500.0, 273_600.0).stream()
                .map(Figures::duration))
        .containsExactly(
            "350 µs", "12.3 ms", "4.21 s", "1 min", "3 min 20 s", "2 h 5 min", "3 d 4 h");
    assertThat(Figures.verdict(view().overhead()))
        .isEqualTo("the search took 38 % of the wall time");
    assertThat(Figures.verdict(SampleStudies.single(20).overhead()))
        .isEqualTo("the search took 0.4 % of the wall time");
    assertThat(Figures.percent(0.0004)).isEqualTo("less than 0.1 %");
  }

  private static String json(Object document) {
    return JsonMapper.shared().writeValueAsString(document);
  }
}
