package dev.assay.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.trial.Registry;
import dev.assay.pruner.Pruners;
import dev.assay.sampler.Samplers;
import dev.assay.sampler.StoppingRules;
import dev.assay.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// The schema of study files and the tables of options in the docs are what the records of options
/// say. `-Dassay.settings=write` writes them anew.
class SettingsDocumentsTest {
  private static final Path SCHEMA =
      Path.of("main", "resources", "dev", "assay", "spec", "study-file.schema.json");

  private static final Path DOCS = Path.of("..", "docs", "study-file.md");

  /// By what both documents call them.
  private static Registry<?> registry(String name) {
    return switch (name) {
      case "samplers" -> Samplers.registry();
      case "pruners" -> Pruners.registry();
      default -> StoppingRules.registry();
    };
  }

  /// What stands between a line and the next one that ends it, written anew on demand.
  private static void holds(Path file, String first, String last, List<String> wanted)
      throws IOException {
    var lines = new ArrayList<>(Files.readAllLines(file));
    int from = lines.indexOf(first) + 1;
    assertThat(from).as("%s in %s", first, file).isPositive();
    int to = from + lines.subList(from, lines.size()).indexOf(last);
    assertThat(to).as("%s in %s", last, file).isGreaterThanOrEqualTo(from);
    var held = List.copyOf(lines.subList(from, to));
    if ("write".equals(System.getProperty("assay.settings"))) {
      lines.subList(from, to).clear();
      lines.addAll(from, wanted);
      Files.write(file, lines);
      return;
    }
    assertThat(held).as("%s: -Dassay.settings=write", file).isEqualTo(wanted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"samplers", "pruners", "rules"})
  void theSchemaKnowsTheOptions(String name) throws IOException {
    var registry = registry(name);
    var lines = new ArrayList<String>();
    lines.add("      \"description\": \"What the options of Assay's own may be.\",");
    lines.add("      \"properties\": {");
    var all = new ArrayList<String>();
    for (var part : registry.names()) {
      var options = new ArrayList<String>();
      for (var setting : registry.settings(part)) {
        options.add("            " + json(setting.key()) + ": " + json(setting.schema()));
      }
      all.add(
          "        "
              + json(part)
              + ": {\n"
              + "          \"type\": [\"object\", \"null\"],\n"
              + "          \"additionalProperties\": false"
              + (options.isEmpty()
                  ? "\n        }"
                  : ",\n          \"properties\": {\n"
                      + String.join(",\n", options)
                      + "\n          }\n        }"));
    }
    lines.addAll(List.of(String.join(",\n", all).split("\n")));
    lines.add("      }");
    holds(SCHEMA, "    \"" + name + "\": {", "    },", lines);
  }

  private static String json(Object value) {
    return JsonMapper.shared().writeValueAsString(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"samplers", "pruners"})
  void theDocsKnowTheOptions(String name) throws IOException {
    var registry = registry(name);
    var lines = new ArrayList<String>();
    lines.add("");
    lines.add("| " + registry.kind() + " | option | default | values | is |");
    lines.add("|---|---|---|---|---|");
    for (var part : registry.names()) {
      for (var setting : registry.settings(part)) {
        lines.add(row(part, setting));
      }
    }
    lines.add("");
    holds(DOCS, "<!-- options of " + name + " -->", "<!-- end of options -->", lines);
  }

  private static String row(String part, Setting setting) {
    var initial = setting.initial();
    return "| `%s` | `%s` | %s | %s | %s |"
        .formatted(
            part,
            setting.key(),
            initial == null || initial instanceof List<?> list && list.isEmpty()
                ? ""
                : "`" + plain(initial) + "`",
            setting.values(),
            setting.says());
  }

  private static String plain(Object value) {
    return value instanceof Double number && number == Math.rint(number)
        ? Long.toString(number.longValue())
        : value.toString();
  }

  /// As studies of 0.1.0 have them stored: who goes on with one is asked for the same.
  @Test
  void whatIsStoredStaysWhatItWas() {
    var stored = new LinkedHashMap<String, String>();
    Samplers.names()
        .forEach(name ->
            stored.put("sampler " + name, json(Samplers.create(name, Map.of()).settings())));
    Pruners.names()
        .forEach(name ->
            stored.put(
                "pruner " + name,
                json(
                    Pruners.create(name, name.equals("threshold") ? Map.of("upper", 1) : Map.of())
                        .settings())));
    assertThat(stored).containsExactlyEntriesOf(STORED);
  }

  private static final Map<String, String> STORED = new LinkedHashMap<>();

  static {
    STORED.put("sampler auto", "{\"noisy\":\"auto\"}");
    STORED.put("sampler random", "{}");
    STORED.put(
        "sampler gp",
        "{\"model\":\"auto\",\"kernel\":\"auto\",\"acquisition\":\"auto\",\"kappa\":1.8,\"priors\":\"auto\",\"noise\":-1.0,\"trust_region\":\"auto\",\"start\":0,\"candidates\":512,\"noisy\":\"auto\"}");
    STORED.put(
        "sampler tpe",
        "{\"start\":10,\"candidates\":24,\"gamma\":0.15,\"most_good\":25,\"prior_weight\":1.0,\"multivariate\":true,\"group\":true,\"constant_liar\":true}");
    STORED.put(
        "sampler cmaes",
        "{\"population\":0,\"sigma\":0.13,\"separable\":false,\"mirrored\":true,\"restarts\":\"ipop\"}");
    STORED.put(
        "sampler nsga2", "{\"population\":50,\"crossover\":0.9,\"swap\":0.5,\"mutation\":0.0}");
    STORED.put(
        "sampler nsga3",
        "{\"population\":50,\"divisions\":3,\"crossover\":0.9,\"swap\":0.5,\"mutation\":0.0}");
    STORED.put("sampler annealing", "{\"mean_rank\":2.0,\"shrink\":0.1}");
    STORED.put("sampler grid", "{\"values\":[],\"points\":0}");
    STORED.put("sampler sobol", "{}");
    STORED.put("sampler halving", "{\"resource\":\"epochs\",\"factor\":3,\"candidates\":0}");
    STORED.put(
        "sampler pbt",
        "{\"population\":16,\"interval\":1,\"steps\":0,\"quantile\":0.25,\"perturb\":[0.8,1.2],\"resample\":0.25}");
    STORED.put(
        "sampler freeze_thaw",
        "{\"steps\":0,\"steps_from\":\"none\",\"starts\":12,\"depth\":0.35,\"cost\":\"steps\",\"resume\":true}");
    STORED.put("pruner none", "{}");
    STORED.put("pruner median", "{\"startup\":5,\"warmup\":0,\"interval\":1}");
    STORED.put(
        "pruner percentile", "{\"percentile\":25.0,\"startup\":5,\"warmup\":0,\"interval\":1}");
    STORED.put("pruner patient", "{\"pruner\":null,\"patience\":5,\"min_delta\":0.0}");
    STORED.put("pruner threshold", "{\"lower\":null,\"upper\":1.0,\"warmup\":0,\"interval\":1}");
    STORED.put("pruner wilcoxon", "{\"p\":0.1,\"startup\":2}");
    STORED.put("pruner race", "{\"errors\":2.0,\"startup\":3}");
    STORED.put("pruner successive_halving", "{\"min\":1,\"factor\":4,\"rate\":0,\"bootstrap\":0}");
    STORED.put("pruner asha", "{\"min\":1,\"max\":100,\"factor\":4}");
    STORED.put("pruner hyperband", "{\"min\":1,\"max\":0,\"factor\":3}");
    STORED.put("pruner forecast", "{\"steps\":0,\"chance\":0.05,\"startup\":8}");
  }
}
