package dev.assay.spec;

import dev.assay.problem.Problem;
import dev.assay.space.Distribution;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads the parameters that a trial asks for while it runs, written as those of a study file.
public final class AskedParameters {
  private static final String EXAMPLE = "{\"lr\": {\"float\": [1e-5, 1], \"log\": true}}";

  private AskedParameters() {}

  /// The distributions by name, in order.
  ///
  /// @param json an object as `space:` of a study file
  /// @throws Problem for what is no parameter, and for what only a declared space has: conditions,
  ///   defaults, priors, files of rows
  public static Map<String, Distribution> read(String json) {
    var tree = NodeReader.read(json, new Place("suggest", 1, 1, ""), false);
    if (!(tree instanceof Node.Fields fields) || fields.entries().isEmpty()) {
      throw new Problem("A trial asks for parameters by name.", json, "Send " + EXAMPLE + ".");
    }
    for (var entry : fields.entries().entrySet()) {
      entry.getValue().fields(EXAMPLE);
      for (var key : List.of("default", "prior", "was", "when")) {
        if (entry.getValue() instanceof Node.Fields one && one.entries().containsKey(key)) {
          throw new Problem(
              "A parameter that a trial asks for has no " + key + ".",
              entry.getKey() + " (" + one.keyPlace(key) + ")",
              "Leave it out, or declare the space.");
        }
      }
    }
    var asked = new LinkedHashMap<String, Distribution>();
    for (var parameter : new SpaceReader(fields, Path.of("")).parameters()) {
      if (!parameter.condition().isAlways()) {
        throw new Problem(
            "A parameter that a trial asks for has no options with parameters of their own.",
            parameter.name(),
            "Ask for it once the option is known.");
      }
      asked.put(parameter.name(), parameter.distribution());
    }
    return asked;
  }
}
