package dev.assay.run.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandTemplateTest {
  private static final SearchSpace SPACE =
      SearchSpace.builder()
          .add("lr", FloatRange.log(1e-5, 1))
          .add("optimizer", Choice.of("sgd", "adam w"))
          .add("momentum", new FloatRange(0, 1), Condition.when("optimizer", "sgd"))
          .build();

  private static final Map<String, String> FACTS = Map.of("trial", "7", "dir", "/runs/7");

  private static List<String> fill(Map<String, Object> values, String... words) {
    return CommandTemplate.fill(List.of(words), SPACE.configuration(values), FACTS);
  }

  @Test
  void placeholdersBecomeValues() {
    assertThat(
            fill(
                Map.of("lr", 1e-4, "optimizer", "sgd", "momentum", 0.5),
                "train",
                "--lr",
                "{lr}",
                "--out={dir}/{optimizer}-{momentum}",
                "{trial}"))
        .containsExactly("train", "--lr", "1e-4", "--out=/runs/7/sgd-0.5", "7");
  }

  @Test
  void argsIsEveryActiveParameter() {
    assertThat(fill(Map.of("lr", 0.01, "optimizer", "adam w"), "train", "{args}"))
        .containsExactly("train", "--lr=0.01", "--optimizer=adam w");
    assertThat(fill(Map.of("lr", 0.01, "optimizer", "adam w"), "sh", "-c", "train {args}"))
        .containsExactly("sh", "-c", "train --lr=0.01 '--optimizer=adam w'");
  }

  @Test
  void aWordWithAParameterThatDoesNotExistIsLeftOut() {
    assertThat(fill(Map.of("lr", 0.01, "optimizer", "adam w"), "train", "--momentum={momentum}"))
        .containsExactly("train");
  }

  @Test
  void namesAreOfAnyScript() {
    var space = SearchSpace.builder().add("größe", Choice.of("小さい", "大")).build();
    var words = List.of("--größe={größe}", "{{größe}}");
    CommandTemplate.check(words, space);
    assertThat(CommandTemplate.fill(words, space.defaults(), FACTS))
        .containsExactly("--größe=小さい", "{größe}");
  }

  @Test
  void otherBracesStay() {
    assertThat(
            fill(
                Map.of("lr", 0.5, "optimizer", "adam w"),
                "{{lr}}",
                "${HOME}",
                "awk '{print $1}'",
                "{\"a\": {lr}}"))
        .containsExactly("{lr}", "${HOME}", "awk '{print $1}'", "{\"a\": 0.5}");
  }

  @Test
  void anOptionThatWouldStandAloneIsRefused() {
    assertThatThrownBy(
            () -> CommandTemplate.check(List.of("train", "--momentum", "{momentum}"), SPACE))
        .hasMessageContaining("--momentum={momentum}");
    CommandTemplate.check(List.of("train", "--momentum={momentum}", "--lr", "{lr}"), SPACE);
  }

  @Test
  void theShownCommandIsTheOneAShellWouldRun() {
    assertThat(CommandTemplate.shell(List.of("a", "b c", "it's", "")))
        .isEqualTo("a 'b c' 'it'\\''s' ''");
  }
}
