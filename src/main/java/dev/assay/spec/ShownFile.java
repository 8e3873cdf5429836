package dev.assay.spec;

import dev.assay.internal.words.Passwords;
import dev.assay.run.command.EnvironmentValue;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// A study file as it may be stored and shown: as it is, or, where it gives programs values of
/// environment variables, which may be secrets, written anew without them and without comments.
/// Each such value becomes `{from: NAME}`, so that whoever sets the variables can run the file. A
/// password in the URL of a database is left out.
///
/// @param overrides the `--set`s to be applied to the text, in order
public record ShownFile(String text, List<String> overrides) {
  public ShownFile {
    text = Passwords.masked(text);
    overrides = overrides.stream().map(Passwords::masked).toList();
  }

  public static ShownFile of(StudyFile file) {
    return of(file.text(), file.overrides());
  }

  /// @throws dev.assay.problem.Problem when the text is no study file
  public static ShownFile of(String text, List<String> overrides) {
    var root = new Place("the study file", 1, 1, "");
    var tree = NodeReader.read(text, root, true);
    var fields = tree == null ? Node.Fields.empty(root) : tree.fields("objective: {...}");
    var set = Overrides.apply(fields, overrides);
    if (hidden(fields).isEmpty() && hidden(set).isEmpty()) {
      return new ShownFile(text, overrides);
    }
    // A setting below the objective may say a value itself, or need what the text has.
    boolean apart = overrides.stream().noneMatch(one -> one.strip().startsWith("objective"));
    var shown = without(apart ? fields : set);
    return new ShownFile(
        YAMLMapper.builder().build().writeValueAsString(shown), apart ? overrides : List.of());
  }

  private static Node.@Nullable Fields variables(Node.Fields file) {
    return file.entries().get("objective") instanceof Node.Fields objective
            && objective.entries().get("env") instanceof Node.Fields variables
        ? variables
        : null;
  }

  /// The names of variables whose values the file says.
  private static Set<String> hidden(Node.Fields file) {
    var names = new LinkedHashSet<String>();
    var variables = variables(file);
    if (variables != null) {
      variables
          .entries()
          .forEach((name, value) -> {
            boolean open =
                value instanceof Node.Fields
                    || value instanceof Node.Scalar(_, var text, _)
                        && EnvironmentValue.isOpen(text);
            if (!open) {
              names.add(name);
            }
          });
    }
    return names;
  }

  private static Map<String, @Nullable Object> without(Node.Fields file) {
    var shown = new LinkedHashMap<String, @Nullable Object>(file.plain());
    var variables = variables(file);
    if (variables != null && shown.get("objective") instanceof Map<?, ?> objective) {
      var env = new LinkedHashMap<String, @Nullable Object>(variables.plain());
      hidden(file).forEach(name -> env.put(name, Map.of("from", name)));
      var replaced = new LinkedHashMap<Object, @Nullable Object>(objective);
      replaced.put("env", env);
      shown.put("objective", replaced);
    }
    return shown;
  }
}
