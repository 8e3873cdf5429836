package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.serve.Dashboard;
import dev.assay.serve.LocalServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The commands of the second day: what becomes of studies that there are.
class ManagedStudiesTest {
  private static final String STUDY =
      """
      name: demo
      objective:
        command: [sh, -c, 'echo trial $ASSAY_TRIAL; test $ASSAY_TRIAL != 2 || { echo no >&2; exit 3; }; echo loss=$ASSAY_TRIAL']
        value: {number: loss}
      minimize: loss
      space:
        x: {float: [0, 1]}
        kind: {choice: [a, b]}
      sampler: random
      budget: {trials: 4}
      """;

  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    out.reset();
    err.reset();
    return Main.run(new Console(new PrintStream(out), new PrintStream(err)), args);
  }

  private String output() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private JsonNode json() {
    return JsonMapper.shared().readTree(output());
  }

  private String storage() {
    return "sqlite:" + directory.resolve("study.db");
  }

  private String study() {
    return storage() + "#demo";
  }

  private int tune(String... more) {
    var args = new java.util.ArrayList<String>();
    args.addAll(List.of("tune", directory.resolve("study.yaml").toString()));
    args.addAll(List.of("--storage", storage(), "--quiet"));
    args.addAll(List.of(more));
    return run(args.toArray(new String[0]));
  }

  @BeforeEach
  void tuneOnce() throws IOException {
    Files.writeString(directory.resolve("study.yaml"), STUDY);
    assertThat(tune()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void aStorageIsListed() {
    assertThat(run("list", storage())).isZero();
    assertThat(output().lines().toList().getLast()).matches("demo +- +3 +1 +loss 0 +.* ago");
    assertThat(run("list", storage(), "--names")).isZero();
    assertThat(output()).isEqualTo("demo\n");
    assertThat(run("list", storage(), "--json")).isZero();
    assertThat(json().at("/0/counts/failed").asInt()).isEqualTo(1);
    assertThat(run("list", "demo")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("assay show demo");
  }

  @Test
  void aStudyAndATrialAreShown() {
    assertThat(run("show", study())).isZero();
    assertThat(output()).contains("minimize loss").contains("choice: [a, b]").contains("random");
    assertThat(run("show", study(), "2")).isZero();
    assertThat(output()).contains("failed").contains("params.x");
    assertThat(run("show", study(), "--json")).isZero();
    assertThat(json().at("/definition/seed").isNumber()).isTrue();
    assertThat(json().at("/state").isNull()).isTrue();
    assertThat(run("show", study(), "17")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("They go up to 3");
  }

  @Test
  void aTrialsLogIsPrintedAsItIs() {
    assertThat(run("log", study(), "1")).isZero();
    assertThat(output()).isEqualTo("trial 1\nloss=1\n");
    assertThat(run("log", study(), "2")).isZero();
    assertThat(output()).contains("no");
    assertThat(errors()).contains("failed");
    assertThat(run("log", study(), "1", "--tail", "7")).isZero();
    assertThat(output()).isEqualTo("loss=1\n");
  }

  @Test
  void theCommandsThatSteerNeedSomebodyWhoRunsTheStudy() {
    for (var command : List.of("pause", "resume", "stop")) {
      assertThat(run(command, study())).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(errors()).contains("Nobody runs the study now.");
    }
  }

  @Test
  void whatIsPutInLineIsTriedFirst() {
    assertThat(run("enqueue", study(), "x=0.25", "kind=b")).isZero();
    assertThat(run("enqueue", study(), "--like", "1", "kind=a")).isZero();
    assertThat(run("rerun", study(), "0")).isZero();
    assertThat(tune("--trials", "7")).isEqualTo(ExitCode.DONE);
    assertThat(run("trials", study(), "--json")).isZero();
    var trials = json();
    assertThat(trials.at("/4/params/x").asDouble()).isEqualTo(0.25);
    assertThat(trials.at("/4/params/kind").asString()).isEqualTo("b");
    assertThat(trials.at("/5/params/x")).isEqualTo(trials.at("/1/params/x"));
    assertThat(trials.at("/5/params/kind").asString()).isEqualTo("a");
    assertThat(trials.at("/6/params")).isEqualTo(trials.at("/0/params"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x=7", "y=1", "x", "=1", "kind=c", "x={\"a\": 1}"})
  void whatIsNoConfigurationIsRefusedAtOnce(String wrong) {
    assertThat(run("enqueue", study(), wrong)).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors().lines()).hasSize(3);
  }

  @Test
  void aDiscardedTrialStaysAndCountsNoMore() {
    assertThat(run("discard", study(), "0", "2")).isZero();
    run("best", study(), "--json");
    assertThat(json().at("/best/0/id").asInt()).isEqualTo(1);
    run("trials", study(), "--state", "discarded", "--columns", "id,loss");
    assertThat(output()).isEqualTo("id  loss\n 0     0\n 2\n");
    assertThat(run("discard", study(), "--undo", "0")).isZero();
    run("best", study(), "--json");
    assertThat(json().at("/best/0/id").asInt()).isZero();
    assertThat(run("discard", study(), "1", "44")).isEqualTo(ExitCode.BAD_INPUT);
    run("trials", study(), "--state", "discarded", "--columns", "id");
    assertThat(output()).isEqualTo("id\n 2\n");
  }

  @Test
  void aNoteThatBeginsLikeAFileOfArgumentsIsANote() throws IOException {
    var file = Files.writeString(directory.resolve("anna"), "what stands in a file");
    assertThat(run("note", study(), "@" + file)).isZero();
    run("note", study());
    assertThat(output()).isEqualTo("@" + file + "\n");
  }

  @Test
  void notesAreKept() {
    assertThat(run("note", study(), "with", "the old data")).isZero();
    assertThat(run("note", study(), "--trial", "1", "odd")).isZero();
    run("note", study());
    assertThat(output()).isEqualTo("with the old data\n");
    run("show", study(), "1");
    assertThat(output()).contains("odd");
    assertThat(run("note", study(), "")).isZero();
    run("note", study());
    assertThat(output()).isEqualTo("\n");
    assertThat(run("note", study(), "x".repeat(10_001))).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run("note", study(), "--trial", "9", "x")).isEqualTo(ExitCode.BAD_INPUT);
  }

  @Test
  void studiesAreCopiedRenamedComparedAndRemoved() {
    assertThat(run("copy", study(), storage() + "#two")).isZero();
    run("trials", study(), "--format", "csv");
    var first = output();
    run("trials", storage() + "#two", "--format", "csv");
    assertThat(output()).isEqualTo(first);
    assertThat(run("copy", study(), storage() + "#two")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run("rename", storage() + "#two", "three")).isZero();
    run("discard", storage() + "#three", "0");
    assertThat(run("diff", study(), storage() + "#three")).isZero();
    assertThat(output()).containsPattern("best +loss 0 +loss 1");
    assertThat(run("diff", study(), storage() + "#three", "--json")).isZero();
    assertThat(json().at("/differences").isEmpty()).isTrue();
    assertThat(run("delete", storage() + "#three")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("--yes");
    assertThat(run("delete", storage() + "#three", "--yes")).isZero();
    run("list", storage(), "--names");
    assertThat(output()).isEqualTo("demo\n");
    assertThat(run("log", study(), "1")).isZero();
  }

  /// Its directory was renamed by hand: it is found by that name, whatever its file calls it.
  @Test
  void aRenamedDirectoryIsFoundByItsName() throws Exception {
    var root = Files.createDirectories(directory.resolve("studies"));
    run("copy", study(), "sqlite:" + Files.createDirectories(root.resolve("moved")) + "/study.db");
    Files.createDirectory(root.resolve("broken"));
    Files.writeString(root.resolve("broken/study.db"), "no database");
    var place = new StudyPlace(root);
    var command = new DashboardCommand(new Console(new PrintStream(out), new PrintStream(err)));
    try (var dashboard = new Dashboard(() -> command.studies(place), false);
        var server =
            LocalServer.start(InetAddress.getLoopbackAddress(), 0, null, Map.of("/", dashboard))) {
      var list =
          JsonMapper.shared()
              .readTree(URI.create(server.url() + "api/studies").toURL().openStream());
      assertThat(list.findValuesAsString("name")).containsExactly("broken", "moved");
      assertThat(list.get(0).get("error").asString()).contains("broken");
      assertThat(list.get(1).get("trials").asInt()).isEqualTo(4);
      try (var page = URI.create(server.url() + "api/study?name=moved").toURL().openStream()) {
        assertThat(page.readAllBytes()).contains('d', 'e', 'm', 'o');
      }
    }
  }

  @Test
  void trialsAreChosenAndSorted() {
    run("trials", study(), "--top", "2", "--columns", "id,state,loss");
    assertThat(output()).isEqualTo("id  state     loss\n 0  complete     0\n 1  complete     1\n");
    run("trials", study(), "--sort", "-loss", "--columns", "id", "--state", "complete,failed");
    assertThat(output()).isEqualTo("id\n 2\n 3\n 1\n 0\n");
    run("trials", study(), "--sort", "kind", "--json");
    var kinds = json().valueStream().map(t -> t.at("/params/kind").asString()).toList();
    assertThat(kinds).isSorted();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--top | 0 | --top",
        "--sort | los | loss",
        "--state | compleet | complete",
        "--columns | id,knd | kind",
        "--format | xml | table"
      })
  void whatCannotBeShownIsRefused(String option, String value, String hint) {
    assertThat(run("trials", study(), option, value)).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains(hint);
  }

  @Test
  void aStudyGrowsWithTheTrialsThatFit() throws IOException {
    var grown =
        STUDY
            .replace("x: {float: [0, 1]}", "x: {float: [0, 2]}\n  y: {float: [0, 1]}")
            .replace("trials: 4", "trials: 6");
    Files.writeString(directory.resolve("study.yaml"), grown);
    assertThat(tune()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("--adopt").contains("[0.0, 1.0] in the study");
    assertThat(tune("--adopt")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("was: VALUE");
    assertThat(tune("--adopt", "--fresh")).isEqualTo(ExitCode.BAD_INPUT);
    Files.writeString(
        directory.resolve("study.yaml"),
        grown.replace("y: {float: [0, 1]", "y: {float: [0, 1], was: 2"));
    assertThat(tune("--adopt")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("space.y.was");
    Files.writeString(
        directory.resolve("study.yaml"),
        grown.replace("y: {float: [0, 1]", "y: {float: [0, 1], was: 0.5"));
    assertThat(tune("--adopt")).isEqualTo(ExitCode.DONE);
    assertThat(errors()).contains("4 of 4 earlier trials fit.");
    run("trials", study(), "--json");
    assertThat(json()).hasSize(6);
    assertThat(json().at("/1/params/y").asDouble()).isEqualTo(0.5);
    run("best", study());
    assertThat(output()).contains("Changed before trial 4: ");
    assertThat(tune("--adopt")).isEqualTo(ExitCode.DONE); // nothing differs any more
    run("list", storage(), "--names");
    assertThat(output().lines()).hasSize(2);
  }

  @Test
  void watchingEndsWhereNobodyRuns() {
    assertThat(run("watch", study())).isZero();
    assertThat(output())
        .isEqualTo("demo: not running, 3 complete, 1 failed; best loss 0 (trial 0)\n");
    assertThat(run("watch", study(), "--once")).isZero();
    assertThat(output()).contains("Best\n").contains("Last failure: trial 2");
  }

  @ParameterizedTest
  @CsvSource({"ls,list", "status,show", "rm,delete", "optimize,tune", "logs,log"})
  void wordsOfOtherToolsAreAnswered(String word, String ours) {
    assertThat(run(word)).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("assay " + ours);
  }
}
