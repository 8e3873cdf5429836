package dev.assay.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The schema of study files says what the reader does.
class SchemaTest {
  private static final JsonNode DOCUMENT = document("study-file.schema.json");

  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(DOCUMENT);

  static Stream<BadFiles.Bad> badFiles() {
    return BadFiles.all();
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(SchemaTest.class.getResourceAsStream(name), name);
  }

  private static JsonNode document(String name) {
    try (var in = resource(name)) {
      return JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<Error> errors(String yaml) {
    var tree = Objects.requireNonNull(NodeReader.read(yaml, new Place("f", 1, 1, ""), true));
    return SCHEMA.validate(JsonMapper.shared().valueToTree(tree.plain()));
  }

  private static JsonNode definition(Section section) {
    return section == Section.STUDY
        ? DOCUMENT
        : DOCUMENT.get("$defs").path(section.name().toLowerCase(Locale.ROOT));
  }

  @ParameterizedTest
  @EnumSource
  void knowsTheKeysOfTheReader(Section section) {
    assertThat(definition(section).path("properties").propertyNames())
        .as("the keys of %s: Section.java and study-file.schema.json", section)
        .containsExactlyInAnyOrderElementsOf(section.keys());
    assertThat(definition(section).get("additionalProperties").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void describesEveryKey(Section section) {
    definition(section)
        .get("properties")
        .properties()
        .forEach(key -> assertThat(described(key.getValue())).as(key.getKey()).isTrue());
  }

  /// Described where it stands, or where it is defined.
  private static boolean described(JsonNode key) {
    return key.has("description")
        || key.has("$ref")
            && DOCUMENT.at(key.get("$ref").asString().substring(1)).has("description");
  }

  @Test
  void isOfTheDraftThatItNames() {
    assertThat(DOCUMENT.get("$schema").asString())
        .isEqualTo("https://json-schema.org/draft/2020-12/schema");
    var meta =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(com.networknt.schema.SchemaLocation.of(DOCUMENT.get("$schema").asString()));
    assertThat(meta.validate(DOCUMENT)).isEmpty();
  }

  @Test
  void acceptsWhatTheReaderAccepts() throws IOException {
    assertThat(errors(BadFiles.GOOD)).isEmpty();
    var sample =
        new String(resource("sample.yaml").readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(errors(sample)).isEmpty();
    for (var example : examples()) {
      assertThatCode(() -> StudyFile.read(example, List.of()))
          .as("%s", example)
          .doesNotThrowAnyException();
      assertThat(errors(Files.readString(example))).as("%s", example).isEmpty();
    }
  }

  /// Every study file of the examples; there is at least one.
  private static List<Path> examples() throws IOException {
    var examples = new ArrayList<Path>();
    try (var files = Files.walk(Path.of("..", "examples"))) {
      files.filter(file -> file.toString().endsWith(".yaml")).forEach(examples::add);
    }
    assertThat(examples).isNotEmpty();
    return examples;
  }

  @ParameterizedTest
  @MethodSource("badFiles")
  void refusesWhatASchemaCanSee(BadFiles.Bad bad) {
    if (bad.schema()) {
      assertThat(errors(bad.text())).isNotEmpty();
    } else {
      assertThat(errors(bad.text())).as("then it should be marked as seen").isEmpty();
    }
  }
}
