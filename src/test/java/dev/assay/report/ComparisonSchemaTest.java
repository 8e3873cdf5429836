package dev.assay.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.assay.compare.Comparison;
import dev.assay.compare.Contender;
import dev.assay.compare.RunLog;
import dev.assay.compare.SearchCase;
import dev.assay.device.BackendSelector;
import dev.assay.internal.engine.GpEngine;
import dev.assay.run.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What `assay compare` writes follows its schema.
class ComparisonSchemaTest {
  private static final Path TABLE =
      Path.of("../examples/tables/convolution__a100.csv.gz").toAbsolutePath();

  @TempDir Path directory;

  private static Schema schema() throws IOException {
    try (var in =
        Objects.requireNonNull(
            ComparisonDocument.class.getResourceAsStream("comparison.schema.json"))) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(JsonMapper.shared().readTree(in));
    }
  }

  private JsonNode compare(String... cases) throws InterruptedException {
    return compareAt(null, cases);
  }

  private JsonNode compareAt(@Nullable String at, String... cases) throws InterruptedException {
    try (var log = RunLog.open(directory.resolve("runs.jsonl"))) {
      var result =
          new Comparison(
                  Contender.parse("random,single={gp: {model: single}}"),
                  new Comparison.Settings(3, 1, 6, 1, at, directory),
                  log,
                  new BackendSelector().choose("cpu"),
                  GpEngine.standard(),
                  (_, _) -> {})
              .run(
                  List.of(cases).stream().map(name -> SearchCase.of(name, List.of())).toList(),
                  (_, _) -> {});
      var mapper = JsonMapper.shared();
      return mapper.readTree(
          mapper.writeValueAsString(ComparisonDocument.of(result, Provenance.now())));
    }
  }

  /// All of whose trials fail.
  private String hopeless() throws IOException {
    var file = directory.resolve("hopeless.yaml");
    Files.writeString(
        file,
        """
        objective: {command: [/bin/sh, -c, 'exit 1']}
        maximize: accuracy
        space: {x: {float: [0, 1]}}
        """);
    return file.toString();
  }

  @Test
  void whatIsWrittenFollowsTheSchema() throws Exception {
    var document = compare("branin", TABLE.toString(), hopeless());
    assertThat(schema().validate(document)).isEmpty();
    assertThat(document.at("/problems/0/optimum").isNumber()).isTrue();
    assertThat(document.at("/problems/1/share").isArray()).isTrue();
    assertThat(document.at("/problems/1/curves").size()).isEqualTo(3);
    assertThat(document.at("/problems/2/standings/0/median").isNull()).isTrue();
  }

  @Test
  void theCostAtWhichRunsAreJudgedIsSaid() throws Exception {
    var document = compareAt("cost", "branin", TABLE.toString());
    assertThat(schema().validate(document)).isEmpty();
    assertThat(document.at("/problems/0/at/axis").asString()).isEqualTo("seconds");
    assertThat(document.at("/problems/1/at/axis").asString()).isEqualTo("simulated");
    assertThat(document.at("/problems/1/at/spent").asDouble()).isPositive();
    assertThat(document.at("/problems/1/verdict/0").asString())
        .startsWith("Judged at equal cost: ")
        .contains(" simulated seconds, which every run came to");
    assertThat(document.at("/verdict").toString()).contains("where all of them have cost the same");
  }

  @Test
  void whatIsMissingMisspeltOrOutOfRangeDoesNot() throws Exception {
    var document = (ObjectNode) compare("branin");
    var without = document.deepCopy().without("verdict");
    var more = document.deepCopy().put("verdikt", "?");
    var beyond = document.deepCopy();
    ((ObjectNode) beyond.at("/problems/0/pairs/0")).put("p", 1.5);
    for (var wrong : List.of(without, more, beyond)) {
      assertThat(schema().validate(wrong)).extracting(Error::getMessage).hasSize(1);
    }
  }
}
