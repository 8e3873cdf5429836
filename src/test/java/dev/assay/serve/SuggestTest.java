package dev.assay.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.Scale;
import dev.assay.space.SearchSpace;
import dev.assay.storage.sql.Storages;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.study.free.FreeConfiguration;
import dev.assay.trial.Budget;
import dev.assay.trial.Outcome;
import dev.assay.trial.Sampler;
import dev.assay.trial.TrialRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Clients whose trials ask for parameters while they run.
class SuggestTest {
  private static final String LAYERS = "{\"layers\": {\"int\": [1, 3]}}";

  @TempDir Path directory;

  private static StudyBuilder<Configuration> builder(Sampler sampler) {
    return Study.over(SearchSpace.open(List.of()))
        .named("free")
        .minimize("loss")
        .sampler(sampler)
        .seed(7);
  }

  private static JsonNode answer(AskTellService service, String request) {
    return JsonMapper.shared().readTree(service.answer(request));
  }

  private static JsonNode suggest(AskTellService service, int id, String params) {
    return answer(service, "{\"suggest\": {\"id\": " + id + ", \"params\": " + params + "}}")
        .path("params");
  }

  private static double loss(AskTellService service, int id) {
    var first = suggest(service, id, LAYERS);
    int layers = first.get("layers").intValue();
    double loss = Math.abs(layers - 2);
    for (int i = 0; i < layers; i++) {
      var name = "width" + i;
      var width =
          suggest(service, id, "{\"" + name + "\": {\"int\": [8, 256], \"log\": true}}").get(name);
      loss += Math.abs(Math.log(width.intValue() / 64.0)) / layers;
    }
    var rest =
        suggest(
            service,
            id,
            "{\"rate\": {\"float\": [1e-4, 1], \"log\": true}, \"act\": {\"choice\": [\"relu\","
                + " \"tanh\"]}}");
    return loss
        + rest.get("rate").doubleValue()
        + (rest.get("act").asString().equals("relu") ? 0 : 1);
  }

  private static double loss(FreeConfiguration x) {
    int layers = x.suggestInt("layers", 1, 3);
    double loss = Math.abs(layers - 2);
    for (int i = 0; i < layers; i++) {
      loss += Math.abs(Math.log(x.suggestInt("width" + i, 8, 256, Scale.LOG) / 64.0)) / layers;
    }
    loss += x.suggestFloat("rate", 1e-4, 1, Scale.LOG);
    return loss + (x.suggestCategorical("act", "relu", "tanh").equals("relu") ? 0 : 1);
  }

  private static List<String> trials(Study<?> study) {
    return study.trials().stream()
        .map(t -> t.number() + " " + new TreeMap<>(t.configuration().values()) + t.values())
        .toList();
  }

  private static void tell(AskTellService service, int id, double loss) {
    var told =
        answer(service, "{\"tell\": {\"id\": " + id + ", \"values\": {\"loss\": " + loss + "}}}");
    assertThat(told.toString()).isEqualTo("{\"ok\":true}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"random", "tpe", "gp"})
  void theTrialsAreThoseOfAProgramInJava(String name) {
    try (var served = builder(Samplers.create(name, Map.of())).open();
        var java =
            Study.defineByRun()
                .named("free")
                .minimize("loss")
                .sampler(Samplers.create(name, Map.of()))
                .seed(7)
                .open()) {
      var service = new AskTellService(served, Budget.trials(25));
      for (int i = 0; i < 25; i++) {
        var asked = answer(service, "{\"ask\": 1}").at("/trials/0");
        assertThat(asked.get("params")).isEmpty();
        tell(service, asked.get("id").intValue(), loss(service, i));
      }
      java.run((x, _) -> Outcome.complete(loss(x)), Budget.trials(25));
      assertThat(trials(served)).isEqualTo(trials(java));
    }
  }

  @Test
  void severalTrialsAskAtOnce() {
    try (var study = builder(Samplers.random()).open()) {
      var service = new AskTellService(study, Budget.UNLIMITED);
      answer(service, "{\"ask\": 3}");
      var losses = new ArrayList<Double>();
      for (int id = 2; id >= 0; id--) {
        losses.add(loss(service, id));
        assertThat(loss(service, id)).isEqualTo(losses.getLast());
      }
      for (int id = 0; id < 3; id++) {
        tell(service, id, losses.get(2 - id));
      }
      assertThat(study.trials().stream().map(trial -> trial.values().getFirst()))
          .containsExactlyElementsOf(losses.reversed());
    }
  }

  @Test
  void valuesCanBeGivenAndResultsBrought() {
    try (var study = builder(Samplers.random()).open()) {
      var service = new AskTellService(study, Budget.UNLIMITED);
      var unknown = "{\"tell\": {\"params\": {\"layers\": 2}, \"values\": {\"loss\": 1}}}";
      assertThat(answer(service, unknown).has("error")).isTrue();
      assertThat(study.trials()).isEmpty();
      answer(service, "{\"enqueue\": {\"params\": {\"layers\": 3}}}");
      answer(service, "{\"ask\": {\"params\": {\"layers\": 1}}}");
      answer(service, "{\"ask\": 1}");
      assertThat(suggest(service, 0, LAYERS).get("layers").intValue()).isEqualTo(3);
      assertThat(suggest(service, 1, LAYERS).get("layers").intValue()).isEqualTo(1);
      assertThat(answer(service, unknown).get("id").intValue()).isEqualTo(2);
      assertThat(study.trials().get(2).configuration().values()).isEqualTo(Map.of("layers", 2L));
      assertThat(answer(service, unknown.replace("2}", "9}")).has("error")).isTrue();
      assertThat(study.trials()).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "3",
        "{\"layers\": {\"int\": [1, 4]}}",
        "{\"layers\": {\"float\": [1, 3]}}",
        "{\"x\": {\"int\": [3, 1]}}",
        "{\"x\": {\"int\": [1]}}",
        "{\"x\": {\"int\": [1, 3], \"default\": 2}}",
        "{\"x\": {\"int\": [1, 3], \"when\": {\"layers\": 1}}}",
        "{\"x\": {\"int\": [1, 3], \"prior\": {\"around\": 2}}}",
        "{\"x\": {\"choice\": []}}",
        "{\"x\": {\"choice\": {\"a\": {\"b\": {\"int\": [1, 2]}}}}}",
        "{\"x\": {\"normal\": [0, 1]}}",
        "{\"rows\": \"/etc/passwd\"}",
        "{\"\": {\"int\": [1, 2]}}"
      })
  void whatIsNoParameterIsRefusedAndTheTrialGoesOn(String params) {
    try (var study = builder(Samplers.random()).open()) {
      var service = new AskTellService(study, Budget.UNLIMITED);
      answer(service, "{\"ask\": 1}");
      suggest(service, 0, LAYERS);
      var refused =
          answer(service, "{\"suggest\": {\"id\": 0, \"params\": " + params + "}}").get("error");
      assertThat(refused).isNotNull();
      assertThat(refused.get("what").asString()).doesNotContain("service failed");
      tell(service, 0, 1);
      assertThat(study.trials().getFirst().configuration().values()).containsOnlyKeys("layers");
    }
  }

  @Test
  void aDeclaredSpaceHasNothingToBeAskedFor() {
    var space = SearchSpace.builder().add("x", new dev.assay.space.IntRange(1, 3)).build();
    try (var study = Study.over(space).minimize("loss").open()) {
      var service = new AskTellService(study, Budget.UNLIMITED);
      answer(service, "{\"ask\": 1}");
      assertThat(
              answer(service, "{\"suggest\": {\"id\": 0, \"params\": " + LAYERS + "}}")
                  .has("error"))
          .isTrue();
    }
  }

  @Test
  void aServiceThatIsStartedAnewAsksToBeTold() {
    var file = directory.resolve("study.db");
    JsonNode before;
    try (var storage = Storages.sqlite(file);
        var study = builder(Samplers.random()).storage(storage).open()) {
      var service = new AskTellService(study, Budget.UNLIMITED);
      answer(service, "{\"ask\": 2}");
      before = suggest(service, 0, LAYERS);
    }
    try (var storage = Storages.sqlite(file);
        var study = builder(Samplers.random()).storage(storage).openOrCreate()) {
      var service = new AskTellService(study, Budget.UNLIMITED);
      var tell = "{\"tell\": {\"id\": 0, \"values\": {\"loss\": 1}}}";
      assertThat(answer(service, tell).at("/error/mend").asString()).contains("suggest");
      assertThat(suggest(service, 0, LAYERS)).isEqualTo(before);
      tell(service, 0, 1);
      TrialRecord trial = study.trials().getFirst();
      assertThat(trial.configuration().values())
          .isEqualTo(Map.of("layers", before.get("layers").longValue()));
    }
  }
}
