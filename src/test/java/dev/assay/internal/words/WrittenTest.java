package dev.assay.internal.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

class WrittenTest {
  private static final YAMLMapper YAML = YAMLMapper.builder().build();

  @Test
  void anObjectiveIsWrittenAsInAStudyFile() {
    var objective = new LinkedHashMap<String, @Nullable Object>();
    objective.put("command", List.of("python3", "./train.py", "{args}"));
    objective.put("value", Map.of("", Map.of("regex", "it's ([0-9.]+)")));
    assertThat(Written.of(objective))
        .isEqualTo("{command: [python3, ./train.py, '{args}'], value: {regex: 'it''s ([0-9.]+)'}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "adam",
        "two words",
        "yes",
        "NULL",
        "12",
        ".5",
        "1e3",
        "-",
        "- a",
        "a: b",
        "a:",
        "a #b",
        "#",
        "{x}",
        "[",
        "a, b",
        "'",
        "\"",
        "é",
        "line\nline\t.",
        "@assay {\"loss\": {x}}",
        "./a/b",
        "../a",
        "*",
        "&a",
        "!t",
        "%",
        "2020-01-01",
        "0x1F",
        "~",
        "=",
        "<<",
        "-c",
        "--out",
        "---",
        "-1",
        "-.inf"
      })
  void aTextIsReadBackAsItWas(String text) {
    var written = Written.of(Arrays.asList(text, 1, 0.25, true, null));
    assertThat(written).doesNotContain("\n");
    assertThat(YAML.readValue(written, List.class)).containsExactly(text, 1, 0.25, true, null);
  }
}
