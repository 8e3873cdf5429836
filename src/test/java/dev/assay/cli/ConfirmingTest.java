package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.sql.Storages;
import dev.assay.study.Study;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ConfirmingTest extends CommandLineCase {
  private int best(String study, String... more) {
    var args = new java.util.ArrayList<>(List.of("best", storage() + "#" + study));
    args.addAll(List.of(more));
    return run(args.toArray(new String[0]));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /// Without what depends on the clock.
  private static JsonNode withoutTimes(JsonNode document) {
    var all = ((tools.jackson.databind.node.ObjectNode) document).deepCopy();
    all.remove(List.of("seconds", "verdict", "provenance", "sampler_share"));
    return all;
  }

  @Test
  void aStoredStudyIsConfirmedAsTuneConfirmsIt() throws IOException {
    var file = file(STUDY);
    tune(file, "--confirm", "3", "--json");
    var expected = json();
    Files.delete(directory.resolve("study.db"));
    tune(file, "--quiet");
    Files.delete(file); // it brings its file along
    Files.delete(directory.resolve("report.html"));
    assertThat(best("flowers", "--confirm", "3", "--json")).isEqualTo(ExitCode.DONE);
    assertThat(json().get("confirmed")).isEqualTo(expected.get("confirmed"));
    assertThat(withoutTimes(json())).isEqualTo(withoutTimes(expected));
    assertThat(directory.resolve("report.html")).content().contains("\"confirmed\":[{");
    assertThat(best("flowers")).isEqualTo(ExitCode.DONE);
    var lines = printed().lines().limit(8).toList(); // nothing is missing
    assertThat(lines.get(4)).startsWith("Confirmed best accuracy ").contains(", in 3 runs");
    assertThat(best("flowers", "--confirm", "3")).isEqualTo(ExitCode.DONE);
    assertThat(printed().lines().limit(8)).containsExactlyElementsOf(lines);
    run("show", storage() + "#flowers", "--json");
    assertThat(json().at("/trials/completed").asInt()).isEqualTo(15);
  }

  /// Under whatever name, with its time cut, and before its budget is used.
  @Test
  void neitherBudgetNorNameStandInTheWay() throws IOException {
    var file =
        file(
            STUDY.replace(
                "budget: {trials: 6}", "budget: {trials: 6, time: {limit: 1h, cut: true}}"));
    tune(file, "--quiet");
    run("rename", storage() + "#flowers", "it's");
    assertThat(best("it's", "--confirm", "2")).as(errors()).isEqualTo(ExitCode.DONE);
    assertThat(printed()).contains("in 2 runs", "12 completed", "6 of them to confirm");
  }

  @Test
  void whatCannotBeRunAgainSaysSo() throws IOException {
    try (var storage = Storages.sqlite(directory.resolve("study.db"))) {
      var space = SearchSpace.builder().add("x", new FloatRange(0, 1)).build();
      try (var study =
          Study.over(space).named("java").minimize("y").storage(storage).openOrCreate()) {
        assertThat(study.trials()).isEmpty();
      }
      assertThat(best("java", "--confirm", "2")).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(errors()).contains("nothing to confirm", "no trial is complete");
      try (var study =
          Study.over(space).named("java").minimize("y").storage(storage).openOrCreate()) {
        study.run((c, _) -> Outcome.complete(c.code(0)), Budget.trials(3));
      }
    }
    assertThat(best("java", "--confirm", "2")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("a function there", "StudyBuilder.confirm");
    var table = Files.writeString(directory.resolve("t.csv"), "a,loss\n1,3\n2,1\n3,2\n");
    Files.writeString(
        directory.resolve("t.json"),
        """
        {"parameters": {"a": [1, 2, 3]}, "metric": "loss", "direction": "minimize"}
        """);
    var replay = Path.of("table.yaml");
    var text = "name: replay\nobjective: {table: " + table + "}\nminimize: loss\n";
    assertThat(tune(Files.writeString(directory.resolve(replay), text), "--quiet"))
        .as(errors())
        .isEqualTo(ExitCode.DONE);
    assertThat(best("replay", "--confirm", "2")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(errors()).contains("A table has one value for each configuration");
    assertThat(best("replay", "--confirm", "0")).isEqualTo(ExitCode.BAD_INPUT);
  }
}
