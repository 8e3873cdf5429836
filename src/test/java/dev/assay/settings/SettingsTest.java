package dev.assay.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.trial.Options;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private enum Answer {
    YES,
    NO,
    AS_YOU_LIKE
  }

  private record Inner(@Option(value = "how deep", low = 0) int deepEnough) {}

  private record Part(
      @Option(value = "how wide", low = 1, high = 9, or = -1) int width,
      @Option("how high") double height,
      @Option("whether it is flat") boolean flat,
      @Option(value = "the answer", key = "reply") Answer answer,
      @Option("what it is called") String name,
      @Option("those beside it") List<String> others,
      @Option(value = "at most", low = Double.MIN_VALUE) @Nullable Double limit,
      Inner inner,
      Runnable engine) {
    Part {
      Settings.check(
          "part", Part.class, width, height, flat, answer, name, others, limit, inner, engine);
    }

    Part() {
      this(3, 0.5, true, Answer.AS_YOU_LIKE, "it", List.of(), null, new Inner(7), ENGINE);
    }
  }

  private record Needy(
      @Option("what it needs") int needed, @Option("what it does not") @Nullable Double wish) {}

  private record Careless(int forgotten) {}

  private static final Runnable ENGINE = () -> {};

  private static Part read(Map<String, ?> given) {
    return new Options("part", given).read(Part.class);
  }

  private static void assertRefused(String key, Object value, String... words) {
    assertThatThrownBy(() -> read(Map.of(key, value)))
        .isInstanceOf(Problem.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void whatIsNotSaidIsAsTheConstructorHasIt() {
    assertThat(read(Map.of())).isEqualTo(new Part());
    assertThat(read(Map.of("width", 4)).inner()).isEqualTo(new Inner(7));
  }

  @Test
  void everyKindIsRead() {
    var given = new HashMap<String, Object>();
    given.put("width", 9.0);
    given.put("height", 2);
    given.put("flat", false);
    given.put("reply", "as_you_like");
    given.put("name", "that");
    given.put("others", List.of("a", "b"));
    given.put("limit", 1);
    given.put("deep_enough", 0);
    assertThat(read(given))
        .isEqualTo(
            new Part(
                9,
                2,
                false,
                Answer.AS_YOU_LIKE,
                "that",
                List.of("a", "b"),
                1.0,
                new Inner(0),
                ENGINE));
  }

  /// As YAML reads them.
  @Test
  void yesAndNoAreAnswers() {
    assertThat(read(Map.of("reply", true)).answer()).isEqualTo(Answer.YES);
    assertThat(read(Map.of("reply", false)).answer()).isEqualTo(Answer.NO);
  }

  @Test
  void whatIsWrittenIsRead() {
    var part = new Part(-1, 2, false, Answer.NO, "x", List.of("a"), 3.0, new Inner(1), ENGINE);
    var written = Settings.written(part);
    assertThat(written.keySet())
        .containsExactly(
            "width", "height", "flat", "reply", "name", "others", "limit", "deep_enough");
    assertThat(read(written)).isEqualTo(part);
    assertThat(Settings.written(new Part()))
        .doesNotContainKey("others") // none
        .containsEntry("limit", null);
  }

  @Test
  void whatCannotBeMeantIsRefused() {
    assertRefused("width", 0, "width 0 (part)", "from 1 to 9");
    assertRefused("width", 2.5, "whole number");
    assertRefused("width", 1e10, "whole number");
    assertRefused("height", Double.NaN, "finite number");
    assertRefused("flat", "yes", "true or false");
    assertRefused("reply", "noo", "Did you mean \"no\"", "as_you_like");
    assertRefused("name", 3, "a name");
    assertRefused("name", " ", "name");
    assertRefused("others", List.of(), "list of names");
    assertRefused("others", List.of(1), "list of names");
    assertRefused("limit", 0, "limit 0 (part)", "Give more than 0.");
    assertRefused("deep_enough", -1, "deep_enough -1 (part)", "Give 0 or more.");
    assertRefused("widht", 3, "Did you mean \"width\"");
    assertRefused("engine", "cpu", "no such option");
  }

  @Test
  void whatHasNoDefaultIsNeeded() {
    assertThat(new Options("needy", Map.of("needed", 3)).read(Needy.class))
        .isEqualTo(new Needy(3, null));
    assertThatThrownBy(() -> new Options("needy", Map.of()).read(Needy.class))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("The option is needed. needed (needy)");
    assertThat(Settings.of(Needy.class)).extracting(Setting::isNeeded).containsExactly(true, false);
  }

  @Test
  void aNumberWithoutAnOptionIsAMistake() {
    assertThatThrownBy(() -> Settings.of(Careless.class))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("no @Option")
        .hasMessageContaining("Careless");
    assertThatThrownBy(() -> Settings.written("text"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("is no record")
        .hasMessageContaining("settings()");
  }

  @Test
  void peopleAndSchemasAreTold() {
    var width = Settings.of(Part.class).getFirst();
    assertThat(width.values()).isEqualTo("-1, or a whole number from 1 to 9");
    assertThat(width.initial()).isEqualTo(3);
    assertThat(width.schema())
        .containsEntry("description", "how wide")
        .containsEntry(
            "anyOf",
            List.of(Map.of("const", -1L), Map.of("type", "integer", "minimum", 1L, "maximum", 9L)));
  }
}
