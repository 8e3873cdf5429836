package dev.assay.compare;

import dev.assay.problem.Problem;
import dev.assay.spec.Named;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A sampler that takes part, under the name that tables show.
///
/// @param sampler its name and settings, as a study file has them
public record Contender(String label, Named sampler) {
  private static final String OPTION = "--samplers";

  /// Reads `tpe,random`, or with settings and names of one's own: `average=gp,single={gp: {model:
  /// single}}`. Without a name of its own a sampler with settings is called by its text.
  ///
  /// @throws Problem for less than two, for two of one name, for what is no sampler
  public static List<Contender> parse(String text) {
    var contenders = new LinkedHashMap<String, Contender>();
    for (var part : parts(text)) {
      int brace = part.indexOf('{');
      int equals = part.indexOf('=');
      boolean labelled = equals > 0 && (brace < 0 || equals < brace);
      var sampler = (labelled ? part.substring(equals + 1) : part).strip();
      var label = labelled ? part.substring(0, equals).strip() : sampler;
      if (label.isEmpty() || sampler.isEmpty()) {
        throw new Problem(
            "A sampler lacks its name.",
            "\"" + text + "\" (" + OPTION + ")",
            "Write them like this: gp,tpe,single={gp: {model: single}}.");
      }
      if (contenders.put(label, new Contender(label, Named.parse(sampler, OPTION))) != null) {
        throw new Problem(
            "Two samplers have the same name.",
            label + " (" + OPTION + ")",
            "Name them apart: a=" + sampler + ",b=" + sampler + ".");
      }
    }
    if (contenders.size() < 2) {
      throw new Problem(
          "A comparison needs two samplers or more.",
          "\"" + text + "\" (" + OPTION + ")",
          "Add another: " + OPTION + " " + text + ",random.");
    }
    return List.copyOf(contenders.values());
  }

  /// The sampler's own name.
  public String name() {
    return sampler.name();
  }

  /// Its settings as they were given.
  public Map<String, @Nullable Object> settings() {
    return sampler.options().plain();
  }

  /// What stands between commas outside of braces and brackets.
  private static List<String> parts(String text) {
    var parts = new ArrayList<String>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        case ',' -> {
          if (depth == 0) {
            parts.add(text.substring(start, i));
            start = i + 1;
          }
        }
        default -> {}
      }
    }
    parts.add(text.substring(start));
    return parts;
  }
}
