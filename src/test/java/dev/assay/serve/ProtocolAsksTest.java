package dev.assay.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.sampler.Samplers;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// What an ask may be given, bounds on what is told, and studies by name.
class ProtocolAsksTest extends ProtocolCase {
  @Test
  void anExternalResultIsATrialOfItsOwn() throws IOException {
    var answers =
        exchange(
            "{\"ask\": 1}",
            "{\"tell\": {\"params\": {\"lr\": 0.25}, \"values\": {\"loss\": 0.5}, \"metrics\":"
                + " {\"f1\": 1}, \"steps\": [{\"step\": 1, \"values\": {\"loss\": 2}}],"
                + " \"attributes\": {\"a\": [1, null]}}}",
            "{\"tell\": {\"params\": {\"lr\": 0.5}, \"failed\": \"no memory\"}}",
            "{\"tell\": {\"params\": {\"lr\": 0.5}, \"values\": {\"loss\": NaN}}}",
            "{\"tell\": {\"id\": 0, \"values\": {\"loss\": 1}}}",
            "{\"best\": 5}",
            "{\"trials\": {\"since\": 1}}");
    assertThat(answers.get(1).get("id").intValue()).isEqualTo(1);
    assertThat(answers.get(5).get("trials")).hasSize(2);
    assertThat(answers.get(5).at("/trials/0/params/lr").doubleValue()).isEqualTo(0.25);
    var own = answers.get(6).at("/trials/0");
    assertThat(own.get("state").asString()).isEqualTo("complete");
    assertThat(own.get("steps").toString()).isEqualTo("[{\"step\":1,\"values\":{\"loss\":2.0}}]");
    assertThat(own.get("attributes").toString())
        .isEqualTo("{\"a\":[1,null],\"metrics\":{\"f1\":1.0}}");
    assertThat(answers.get(6).at("/trials/1/detail").asString()).isEqualTo("no memory");
    assertThat(answers.get(6).at("/trials/2/cause").asString()).isEqualTo("not_finite");
  }

  @Test
  void anAskMayHaveALimitAndValuesOfItsOwn() throws IOException {
    var answers =
        exchange(
            "{\"enqueue\": {\"params\": {\"lr\": 0.01}}}",
            "{\"ask\": {\"params\": {\"layers\": 6}}}",
            "{\"ask\": {\"count\": 9, \"until\": 4}}",
            "{\"ask\": {\"count\": 9, \"until\": 4}}",
            "{\"cancel\": {\"id\": 2}}",
            "{\"ask\": {\"until\": 4}}");
    assertThat(answers.get(1).at("/trials/0/id").intValue()).isEqualTo(1);
    assertThat(answers.get(1).at("/trials/0/params/layers").intValue()).isEqualTo(6);
    assertThat(answers.get(2).get("trials").valueStream().map(trial -> trial.get("id").intValue()))
        .containsExactly(0, 2, 3);
    assertThat(answers.get(2).at("/trials/0/params/lr").doubleValue()).isEqualTo(0.01);
    assertThat(answers.get(3).get("trials")).isEmpty();
    assertThat(answers.get(3).get("finished").isString()).isTrue();
    assertThat(answers.get(5).at("/trials/0/id").intValue()).isEqualTo(2);
    assertThat(answers.get(5).at("/trials/0/restarts").intValue()).isEqualTo(1);
  }

  /// As they are proposed without: what is given changes nothing but itself.
  @Test
  void whatIsGivenLeavesTheRestAsItIsProposed() {
    try (var free = study();
        var given = study()) {
      for (int i = 0; i < 5; i++) {
        var asked = JsonMapper.shared().readTree(answer(free, "{\"ask\": 1}"));
        var fixed =
            JsonMapper.shared().readTree(answer(given, "{\"ask\": {\"params\": {\"layers\": 2}}}"));
        assertThat(fixed.at("/trials/0/params/lr")).isEqualTo(asked.at("/trials/0/params/lr"));
        assertThat(fixed.at("/trials/0/params/layers").intValue()).isEqualTo(2);
      }
    }
    studies.clear();
  }

  @Test
  void aConstraintHoldsWithWhatIsGiven() {
    try (var study =
        Study.over(
                SearchSpace.builder()
                    .add("a", new IntRange(1, 100))
                    .add("b", new IntRange(1, 100))
                    .where("a + b <= 20")
                    .build())
            .minimize("loss")
            .sampler(Samplers.random())
            .open()) {
      for (int i = 0; i < 20; i++) {
        var trial =
            JsonMapper.shared()
                .readTree(answer(study, "{\"ask\": {\"params\": {\"a\": 18}}}"))
                .at("/trials/0/params");
        assertThat(trial.get("a").intValue()).isEqualTo(18);
        assertThat(trial.get("b").intValue()).isBetween(1, 2);
      }
      assertThat(answer(study, "{\"ask\": {\"params\": {\"a\": 30}}}")).startsWith("{\"error\"");
      assertThat(study.count(TrialState.RUNNING)).isEqualTo(20);
    }
  }

  /// Whether a client calls what is bounded a value or a metric.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"values\": {\"loss\": 1, \"memory\": 9}",
        "\"values\": {\"loss\": 1}, \"metrics\": {\"memory\": 9}"
      })
  void aBoundIsJudged(String told) {
    try (var study =
        Study.over(SearchSpace.builder().add("x", new IntRange(1, 9)).build())
            .minimize("loss")
            .subjectTo(OutcomeConstraint.parse("memory <= 8"))
            .sampler(Samplers.random())
            .open()) {
      assertThat(answer(study, "{\"tell\": {\"params\": {\"x\": 3}, " + told + "}}"))
          .isEqualTo("{\"ok\":true,\"id\":0}");
      assertThat(study.trials().getFirst().isFeasible()).isFalse();
      assertThat(answer(study, "{\"tell\": {\"params\": {\"x\": 3}, \"values\": {\"loss\": 1}}}"))
          .startsWith("{\"error\"");
      assertThat(study.trials()).hasSize(1);
    }
  }

  @Test
  void aClientNamesItsStudyAndAnotherOne() throws IOException {
    var answers =
        exchange(
            new AskTellSession(opener()),
            List.of(
                "{\"hello\": {}}",
                "{\"ask\": 1}",
                "[{\"ask\": 1}]",
                "{\"aks\": 1}",
                "{\"study\": {\"name\": \"refuse me\"}}",
                "{\"study\": {\"name\": \"a\"}}",
                "{\"ask\": 1}",
                "{\"study\": {\"name\": \"refuse me\"}}",
                "{\"ask\": 1}",
                "{\"study\": {\"name\": \"b\"}}",
                "{\"ask\": 1}"));
    assertThat(answers.getFirst().get("study").isNull()).isTrue();
    assertThat(answers.subList(1, 5)).allMatch(answer -> answer.has("error"));
    assertThat(answers.get(5).at("/study/name").asString()).isEqualTo("mlp");
    assertThat(answers.get(6).at("/trials/0/id").intValue()).isZero();
    assertThat(answers.get(7).has("error")).isTrue();
    assertThat(answers.get(8).at("/trials/0/id").intValue()).isEqualTo(1);
    assertThat(answers.get(10).at("/trials/0/id").intValue()).isZero();
    assertThat(opened).containsExactly("{\"name\":\"a\"}", "closed", "{\"name\":\"b\"}");
  }

  @Test
  void everyRequestOfTheSchemaIsOneOfTheService() {
    assertThat(SCHEMA.at("/$defs/request/properties").propertyNames())
        .containsExactlyInAnyOrderElementsOf(RequestReader.REQUESTS);
    assertThat(Stream.of(TrialState.values()).map(TrialState::word))
        .containsExactlyInAnyOrderElementsOf(
            SCHEMA
                .at("/$defs/hello/properties/study/properties/trials/properties")
                .propertyNames());
  }
}
