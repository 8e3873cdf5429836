package dev.assay.run.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.trial.Cause;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Cells of recorded tables as people and programs write them.
class TableCellsTest {
  private static final String GRID =
      """
      {"parameters": {"bx": ["16", "32"], "vec": [1, 2.5], "pad": ["true", "false"]},
       "metric": "time", "direction": "minimize"}
      """;
  private static final String SAMPLE =
      """
      {"parameters": {"lr": {"type": "float", "min": 0.01, "max": 1, "log": true},
                      "units": {"type": "int", "min": 1, "max": 64},
                      "act": {"type": "categorical", "values": ["relu", "tanh"]}},
       "metric": "loss", "direction": "minimize"}
      """;

  @TempDir Path directory;

  private ReplayTable table(String csv, String json) throws IOException {
    Files.writeString(directory.resolve("t.csv"), csv);
    Files.writeString(directory.resolve("t.json"), json);
    return ReplayTable.read(directory.resolve("t.csv"));
  }

  private static RecordedRuns runs(ReplayTable table) {
    return new RecordedRuns(table, List.of(new Objective(table.metric(), table.direction())));
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... said) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem.getMessage()).contains(said);
              assertThat(problem.value()).contains("t.csv");
              assertThat(problem.mend()).isNotBlank();
            });
  }

  @ParameterizedTest
  @CsvSource({
    "'0.1,5,oops', act oops",
    "'0.1,5,', act is blank",
    "'oops,5,relu', lr oops",
    "',5,relu', lr is blank",
    "'\"0,01\",5,relu', 'lr 0,01'",
    "'nan,5,relu', lr nan",
    "'inf,5,relu', lr inf",
    "'2,5,relu', lr 2",
    "'0.001,5,relu', lr 0.001",
    "'-0.1,5,relu', lr -0.1",
    "'0.1,5.5,relu', units 5.5",
    "'0.1,65,relu', units 65",
    "'0.1,five,relu', units five",
    "'0.1,,relu', units is blank",
    "'1e-1,5,Relu', act Relu"
  })
  void samplesRefuseCellsThatAreNoValueOfTheirParameter(String row, String said) {
    assertRefused(
        () -> table("lr,units,act,loss\n0.5,3,tanh,1\n" + row + ",2\n", SAMPLE), said, "row 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.1,5,relu", "1.0E-1,5.0,relu", " .1 , +5 , tanh ", "1,64,relu"})
  void samplesTakeNumbersHoweverTheyAreWritten(String row) throws IOException {
    assertThat(table("lr,units,act,loss\n0.5,3,tanh,1\n" + row + ",2\n", SAMPLE).rows())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "'16,1,true'",
    "'16.0,1.0,True'",
    "'1.6e1,1,TRUE'",
    "' 16 , 1 , True '",
    "'\"16\",\"1\",true'"
  })
  void gridsTakeOneValueInEverySpelling(String row) throws IOException {
    var table = table("bx,vec,pad,time\n32,2.5,FALSE,3\n" + row + ",2\n", GRID);
    var configuration = table.space().configuration(Map.of("bx", "16", "vec", 1, "pad", "true"));
    assertThat(table.row(configuration)).isEqualTo(1);
    assertThat(table.options(1)).isEqualTo(Map.of("bx", "16", "vec", 1L, "pad", "true"));
  }

  @Test
  void aSpaceMayWriteTheValuesInItsOwnWay() throws IOException {
    var table = table("bx,vec,pad,time\n32,2.5,False,3\n16,1,True,2\n", GRID);
    var space =
        dev.assay.space.SearchSpace.builder()
            .add("bx", dev.assay.space.Choice.of(16, 32))
            .add("vec", new dev.assay.space.FloatRange(1, 2.5, false, 1.5))
            .add("pad", dev.assay.space.Choice.of(true, false))
            .build();
    table.check(space);
    assertThat(table.row(space.configuration(Map.of("bx", 16, "vec", 1, "pad", true))))
        .isEqualTo(1);
  }

  @Test
  void steppedFloatsAreFoundInATable() throws IOException {
    var json =
        """
        {"parameters": {"a": [0, 0.1, 0.2, 0.3]}, "metric": "m", "direction": "minimize"}
        """;
    var table = table("a,m\n0,1\n0.1,2\n0.2,3\n0.3,4\n", json);
    var space =
        dev.assay.space.SearchSpace.builder()
            .add("a", new dev.assay.space.FloatRange(0, 0.3, false, 0.1))
            .build();
    table.check(space);
    assertThat(table.row(space.fromUnit(new double[] {1}))).isEqualTo(3);
  }

  @Test
  void textsThatDifferOnlyInSpellingAreToldApartWhereBothAreListed() throws IOException {
    var json =
        """
        {"parameters": {"v": ["1", "1.0", "True", "true"]}, "metric": "m", "direction": "minimize"}
        """;
    var table = table("v,m\n1,1\n1.0,2\nTrue,3\ntrue,4\n", json);
    assertThat(table.row(table.space().configuration(Map.of("v", "1.0")))).isEqualTo(1);
    assertThat(table.row(table.space().configuration(Map.of("v", "true")))).isEqualTo(3);
    assertRefused(() -> table("v,m\n1.00,1\n", json), "v 1.00");
  }

  @ParameterizedTest
  @CsvSource({
    "CompilationFailedConfig, ERROR, recorded as CompilationFailedConfig",
    "ERROR, ERROR, recorded as ERROR",
    "RuntimeFailedConfig, ERROR, recorded as RuntimeFailedConfig",
    "out_of_memory, OUT_OF_MEMORY, recorded as out of memory",
    "OOM, OUT_OF_MEMORY, recorded as OOM",
    "TimeOut, TIMEOUT, recorded as timed out",
    "Diverged, DIVERGED, recorded as diverged",
    "nan, NOT_FINITE, recorded as nan",
    "NaN, NOT_FINITE, recorded as NaN",
    "inf, NOT_FINITE, recorded as inf",
    "-Infinity, NOT_FINITE, recorded as -Infinity",
    "'', NO_VALUE, blank",
    "NA, NO_VALUE, blank",
    "None, NO_VALUE, blank",
    "-, NO_VALUE, blank"
  })
  void whatTheMetricHoldsInPlaceOfANumberIsHowTheRunEnded(String cell, Cause cause, String said)
      throws IOException {
    var runs = runs(table("bx,vec,pad,time\n16,1,true," + cell + "\n32,1,true,1\n", GRID));
    assertThat(runs.outcome(0, RecordedRuns.Repeats.MEAN, 0))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.cause()).isEqualTo(cause);
              assertThat(failed.detail()).contains(said);
            });
    assertThat(runs.outcome(1, RecordedRuns.Repeats.MEAN, 0)).isEqualTo(Outcome.complete(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"'0,312'", "1.2.3", "12ms", "1e", "$3", "1 2", "0x10"})
  void numbersThatWentWrongAreRefused(String cell) {
    var quoted = cell.replace('\'', '"');
    assertRefused(
        () -> runs(table("bx,vec,pad,time\n32,1,true,1\n16,1,true," + quoted + "\n", GRID)),
        "time \"" + quoted.replace("\"", "") + "\"",
        "row 2");
  }

  @ParameterizedTest
  @CsvSource({
    "time;time_1, time and time_1",
    "time;time_0, time and time_0",
    "time;time_seed0, time and time_seed0",
    "time_1;time_seed0, time_1 and time_seed0",
    "time_1;time_3, time_2 before time_3",
    "time_seed0;time_seed2, time_seed1 before",
    "time_1;time_2;step_1, lacks its step",
    "time_1;time_2;time_s_1, lacks its time_s"
  })
  void columnsThatCouldBothBeMeantAreRefused(String columns, String said) {
    var names = columns.replace(';', ',');
    var cells = ",1".repeat(columns.split(";").length);
    assertRefused(
        () -> runs(table("bx,vec,pad," + names + "\n16,1,true" + cells + "\n", GRID)), said);
  }

  @Test
  void aParameterIsNoPointOfACurve() throws IOException {
    var json =
        """
        {"parameters": {"time_1": [1, 2]}, "metric": "time", "direction": "minimize"}
        """;
    var runs = runs(table("time_1,time,time_5\n1,10,0\n2,20,0\n", json));
    assertThat(runs.outcome(1, RecordedRuns.Repeats.MEAN, 0)).isEqualTo(Outcome.complete(20));
  }

  @Test
  void aCurveThatEndsInNanFailed() throws IOException {
    var json =
        """
        {"parameters": {"a": [1, 2, 3, 4]}, "metric": "m", "direction": "minimize"}
        """;
    var csv = "a,m_1,m_2,m_3\n1,0.5,nan,\n2,0.5,0.4,\n3,0.5,inf,0.1\n";
    var runs = runs(table(csv, json));
    assertThat(runs.points(0)).isEqualTo(1);
    assertThat(List.of(0, 2))
        .allSatisfy(row ->
            assertThat(runs.outcome(row, RecordedRuns.Repeats.MEAN, 0))
                .isInstanceOfSatisfying(
                    Outcome.Failed.class,
                    failed -> assertThat(failed.cause()).isEqualTo(Cause.NOT_FINITE)));
    assertThat(runs.outcome(1, RecordedRuns.Repeats.MEAN, 0)).isEqualTo(Outcome.complete(0.4));
    assertRefused(() -> runs(table(csv + "4,0.5,,0.3\n", json)), "gap", "m_2 is blank", "row 4");
  }

  @Test
  void oneRepeatThatDivergedIsNotAveragedAway() throws IOException {
    var json =
        """
        {"parameters": {"a": [1, 2]}, "metric": "m", "direction": "minimize"}
        """;
    var runs = runs(table("a,m_seed0,m_seed1\n1,0.5,nan\n2,0.5,\n", json));
    assertThat(runs.outcome(0, RecordedRuns.Repeats.MEAN, 0)).isInstanceOf(Outcome.Failed.class);
    assertThat(runs.outcome(0, RecordedRuns.Repeats.DRAW, 0)).isEqualTo(Outcome.complete(0.5));
    assertThat(runs.outcome(1, RecordedRuns.Repeats.MEAN, 0)).isEqualTo(Outcome.complete(0.5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ok", "OK", "Success", "complete", ""})
  void aStatusThatIsWellIsNoFailure(String status) throws IOException {
    var runs = runs(table("bx,vec,pad,time,status\n16,1,true,1," + status + "\n", GRID));
    assertThat(runs.outcome(0, RecordedRuns.Repeats.MEAN, 0)).isEqualTo(Outcome.complete(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {";", "\t", ","})
  void cellsArePartedBySemicolonsAndTabsToo(String separator) throws IOException {
    var csv = "\uFEFF\n\"bx\",vec,pad,time\r\n16,1,True,2\r\n".replace(",", separator);
    var table = table(csv, GRID);
    assertThat(runs(table).outcome(0, RecordedRuns.Repeats.MEAN, 0)).isEqualTo(Outcome.complete(2));
  }

  @Test
  void decimalCommasBetweenSemicolonsAreRefused() {
    assertRefused(
        () -> table("lr;units;act;loss\n0,5;3;tanh;1\n", SAMPLE),
        "lr \"0,5\"",
        "row 1",
        "with a point");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"cache\": {", "[{\"bx\": 16}]", "\uFEFF\n  {\"device_name\": \"T4\","})
  void jsonIsNoTable(String text) {
    assertRefused(() -> table(text, GRID), "This is JSON", "CSV");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "ISO-8859-1", "windows-1252"})
  void otherEncodingsAreNamed(String charset) throws IOException {
    var csv = directory.resolve("t.csv");
    Files.writeString(csv, "bx,vec,pad,time,né\n16,1,True,2,é\n", Charset.forName(charset));
    assertThatThrownBy(() -> TableColumns.read(csv))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("is not UTF-8 text");
  }

  @Test
  void aColumnOfTextsHasNoRange() {
    var json =
        """
        {"parameters": {"a": {"type": "float"}}, "metric": "m", "direction": "minimize"}
        """;
    assertRefused(() -> table("a,m\nx,1\ny,2\n", json), "no numbers", "a \"x\"");
  }
}
