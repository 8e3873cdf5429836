package dev.assay.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

class ResultsFileTest {
  private static final Path RESULTS = Path.of("..", "results");

  @TempDir Path directory;

  static Schema schema() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ResultsFile.class.getResourceAsStream("results.schema.json"))) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(JsonMapper.shared().readTree(in));
    }
  }

  static List<Path> committed() throws IOException {
    try (Stream<Path> files = Files.walk(RESULTS, 2)) {
      return files
          .filter(file ->
              String.valueOf(file.getFileName()).matches("[0-9]{4}-[0-9]{2}-[0-9]{2}-.*\\.json"))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("committed")
  void committedResultsFollowTheSchema(Path file) throws IOException {
    var node = JsonMapper.shared().readTree(Files.readString(file));
    assertThat(schema().validate(node)).isEmpty();
    assertThat(ResultsFile.read(file).measurements()).isNotEmpty();
  }

  private static Measurement time(double score, @Nullable Double error, String unit) {
    return new Measurement(
        "B.work", Map.of("n", "10"), score, error, unit, score, score, null, null);
  }

  private static ResultsFile on(String cpu, Measurement... measurements) {
    Map<String, @Nullable Object> provenance = ResultsFile.provenance(false, null);
    provenance.put("cpu", cpu);
    provenance.put("cores", 2);
    return new ResultsFile(ResultsFile.FORMAT, provenance, List.of(measurements));
  }

  @Test
  void whatIsWrittenFollowsTheSchemaAndIsReadBack() throws IOException {
    var written = on("Any CPU", time(3, 0.5, "us/op"), time(4, null, "GB/s"));
    var file = directory.resolve("a.json");
    written.write(file);
    assertThat(schema().validate(JsonMapper.shared().readTree(Files.readString(file)))).isEmpty();
    assertThat(ResultsFile.read(file)).isEqualTo(written);
  }

  @Test
  void anotherFormatIsRefused() throws IOException {
    var file = directory.resolve("a.json");
    on("Any CPU", time(3, 0.5, "us/op")).write(file);
    Files.writeString(
        file, Files.readString(file).replaceFirst("\"format\" : 1", "\"format\" : 2"));
    assertThatThrownBy(() -> ResultsFile.read(file))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("format 2");
    Files.writeString(file, "{\"format\": 2, \"rows\": []}"); // has other fields
    assertThatThrownBy(() -> ResultsFile.read(file)).hasMessageContaining("format 2");
    Files.writeString(file, "{");
    assertThatThrownBy(() -> ResultsFile.read(file)).isInstanceOf(Problem.class);
    for (var other : List.of("{}", "[]", "null", "")) {
      Files.writeString(file, other);
      assertThatThrownBy(() -> ResultsFile.read(file)).isInstanceOf(Problem.class);
    }
    assertThatThrownBy(() -> ResultsFile.read(directory.resolve("none.json")))
        .hasMessageContaining("no such file");
  }

  @Test
  void aDirectoryIsNamedAfterWhatComputed() {
    assertThat(ResultsFile.deviceDirectory(on("AMD EPYC", time(1, null, "us/op")).provenance()))
        .isEqualTo("amd-epyc-2-cores");
    assertThat(
            ResultsFile.deviceDirectory(
                Map.of("cpu", "AMD EPYC", "device", "NVIDIA H100 80GB HBM3, driver 570, 79 GiB")))
        .isEqualTo("nvidia-h100-80gb-hbm3");
  }

  @Test
  void aChangeIsOneWhereIntervalsLieApart() {
    assertThat(verdict(time(10, 1.0, "us/op"), time(5, 1.0, "us/op")))
        .isEqualTo(Change.Verdict.FASTER);
    assertThat(verdict(time(5, 1.0, "us/op"), time(10, 1.0, "us/op")))
        .isEqualTo(Change.Verdict.SLOWER);
    assertThat(verdict(time(10, 3.0, "us/op"), time(5, 3.0, "us/op")))
        .isEqualTo(Change.Verdict.SAME);
    assertThat(verdict(time(10, null, "us/op"), time(5, 1.0, "us/op")))
        .isEqualTo(Change.Verdict.SAME);
    // Of a rate more is better.
    assertThat(verdict(time(10, 1.0, "GFLOP/s"), time(5, 1.0, "GFLOP/s")))
        .isEqualTo(Change.Verdict.SLOWER);
    assertThat(Change.of(time(10, 1.0, "us/op"), time(5, 1.0, "us/op")).ratio()).isEqualTo(2);
  }

  private static Change.Verdict verdict(Measurement before, Measurement after) {
    return Change.of(before, after).verdict();
  }

  @Test
  void acrossDevicesIsSaid() {
    var lines =
        Change.lines(on("One", time(1, 0.1, "us/op")), on("Another", time(1, 0.1, "us/op")));
    assertThat(lines.getFirst()).contains("Across devices", "One", "Another");
    assertThat(Change.lines(on("One", time(1, 0.1, "us/op")), on("One", time(1, 0.1, "us/op"))))
        .noneMatch(line -> line.contains("Across"));
  }

  @Test
  void anUnknownSuiteIsAnsweredWithTheNearest() {
    assertThatThrownBy(() -> Suite.named(List.of("stroage"), List.of()))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("Did you mean \"storage\"");
    assertThatThrownBy(() -> Suite.named(List.of("qualty"), List.of("quality")))
        .hasMessageContaining("Did you mean \"quality\"");
  }

  @Test
  void everyQuickParameterIsOneOfItsBenchmark() {
    for (var suite : Suite.values()) {
      var whole = suite.units("cpu", false, Map.of());
      var quick = suite.units("cpu", true, Map.of());
      assertThat(quick).isNotEmpty().hasSizeLessThanOrEqualTo(whole.size());
      assertThat(quick.stream().map(Suite.Unit::method).distinct())
          .containsExactlyInAnyOrderElementsOf(
              whole.stream().map(Suite.Unit::method).distinct().toList());
    }
    assertThat(Suite.GP.units("cuda", true, Map.of("backend", "cuda")))
        .allMatch(unit -> unit.type() == GpBenchmark.class)
        .hasSize(5);
  }

  @Test
  void commandsDoNotTellWhereFilesAre() {
    assertThat(ResultsFile.withoutPlaces("assay bench pruning --data /home/me/tables/hpo --quick"))
        .isEqualTo("assay bench pruning --data hpo --quick");
    assertThat(ResultsFile.withoutPlaces("assay bench gp --out=/tmp/x/results"))
        .isEqualTo("assay bench gp --out=results");
    assertThat(ResultsFile.withoutPlaces("assay bench gather out/kit"))
        .isEqualTo("assay bench gather out/kit");
  }

  @Test
  void tenThousandObservationsAreRefittedAndFactored() {
    var large =
        Suite.GP.units("cpu", false, Map.of()).stream()
            .filter(unit -> "10000".equals(unit.parameters().get("n")))
            .toList();
    assertThat(large.stream().map(Suite.Unit::method))
        .containsExactlyInAnyOrder("refitAndSuggest", "fullRefitAndSuggest", "cholesky");
    assertThat(large).allMatch(unit -> unit.fits(8L << 30)).noneMatch(unit -> unit.fits(2L << 30));
    assertThat(Suite.GP.units("cpu", true, Map.of())).allMatch(unit -> unit.fits(1L << 30));
  }
}
