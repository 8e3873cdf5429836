package dev.assay.bench;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `assay bench adopt`: what `assay compare` found, as measurements among the results.
@Command(name = "adopt", description = "Put what assay compare found among the results.")
final class AdoptCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "comparison.json of assay compare")
  private Path file = Path.of("");

  @Option(names = "--name", required = true, description = "what the comparison is called: kernels")
  private String name = "";

  @Option(names = "--command", required = true, description = "what runs it anew")
  private String command = "";

  @Mixin private Destination destination = new Destination();

  @Override
  public Integer call() {
    JsonNode document;
    try {
      document = JsonMapper.shared().readTree(Files.readString(file));
    } catch (IOException | JacksonException e) {
      throw new Problem(
          "The comparison cannot be read.",
          file + ": " + e.getMessage(),
          "Name comparison.json.",
          e);
    }
    if (!document.has("problems") || !document.has("provenance")) {
      throw new Problem(
          "The file is no comparison.", file.toString(), "Name comparison.json of assay compare.");
    }
    Map<String, @Nullable Object> provenance =
        JsonMapper.shared().convertValue(document.get("provenance"), new TypeReference<>() {});
    provenance.put("quick", false);
    provenance.put("command", command);
    var measurements = measurements(document);
    var written = ResultsFile.write(destination.directory(), name, measurements, provenance);
    ResultsTable.write(new ResultsFile(ResultsFile.FORMAT, provenance, measurements), written);
    System.err.println("Wrote " + written);
    return 0;
  }

  static List<Measurement> measurements(JsonNode document) {
    var measurements = new ArrayList<Measurement>();
    for (var problem : document.get("problems")) {
      for (var standing : problem.get("standings")) {
        if (!standing.get("median").isNull()) {
          measurements.add(median(document, problem, standing));
        }
      }
      for (var share : problem.get("share")) {
        measurements.add(share(document, problem, share));
      }
    }
    return measurements;
  }

  private static Map<String, String> parameters(JsonNode document, JsonNode problem, JsonNode row) {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("problem", problem.get("name").asString());
    parameters.put("sampler", row.get("sampler").asString());
    parameters.put("trials", problem.get("trials").asString());
    parameters.put("seeds", document.get("seeds").asString());
    return parameters;
  }

  private static Measurement median(JsonNode document, JsonNode problem, JsonNode standing) {
    var parameters = parameters(document, problem, standing);
    parameters.put("mean rank", decimals(standing.get("meanRank"), 2));
    parameters.put("probability of being best", decimals(standing.get("probabilityBest"), 2));
    double median = standing.get("median").asDouble();
    double worst = standing.get("high").isNull() ? median : standing.get("high").asDouble();
    return new Measurement(
        "compare.median",
        parameters,
        median,
        null,
        problem.get("metric").asString(),
        median,
        worst,
        null,
        null);
  }

  private static Measurement share(JsonNode document, JsonNode problem, JsonNode share) {
    var parameters = parameters(document, problem, share);
    parameters.put(
        "random search expects", decimals(100 * share.get("expectedAtEnd").asDouble(), 1));
    parameters.put("over all trials", decimals(100 * share.get("area").asDouble(), 1));
    parameters.put("beyond random", decimals(share.get("beyondRandom"), 2));
    parameters.put(
        "90 % after", share.get("to90").isNull() ? "not reached" : decimals(share.get("to90"), 0));
    double percent = 100 * share.get("atEnd").asDouble();
    return new Measurement(
        "compare.share",
        parameters,
        percent,
        null,
        "% of the optimum",
        percent,
        percent,
        null,
        null);
  }

  private static String decimals(JsonNode value, int digits) {
    return decimals(value.asDouble(), digits);
  }

  private static String decimals(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
