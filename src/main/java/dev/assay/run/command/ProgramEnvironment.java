package dev.assay.run.command;

import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The environment variables that a study file adds to those that Assay itself has. Their values
/// may be secrets: nothing that is stored or shown says them.
///
/// @param values by name
/// @param own the environment of Assay's process
record ProgramEnvironment(Map<String, EnvironmentValue> values, Map<String, String> own) {
  static boolean isOpen(EnvironmentValue value) {
    return value instanceof EnvironmentValue.Written(var template)
        && EnvironmentValue.isOpen(template);
  }

  /// Refuses what cannot be filled in.
  ///
  /// @throws Problem for an unknown placeholder, and a variable that is to be passed on and is not
  ///   there
  void check(SearchSpace space) {
    values.forEach((name, value) -> {
      switch (value) {
        case EnvironmentValue.Written(var template) -> check(name, template, space);
        case EnvironmentValue.From(var variable) -> {
          if (!own.containsKey(variable)) {
            throw new Problem(
                "A variable that programs are to be given is not set.",
                "env." + name + ": {from: " + variable + "}",
                "Set it before Assay starts: export " + variable + "=..., or remove it from env.");
          }
        }
      }
    });
  }

  private static void check(String name, String template, SearchSpace space) {
    try {
      CommandTemplate.check(List.of(template), space);
    } catch (Problem problem) { // whose value and mend may show a part of a secret
      throw new Problem(
          "A value among the environment variables has an unknown placeholder.",
          "env." + name,
          "Name a parameter, or write {{name}} for {name} itself; {from: "
              + name
              + "} takes a value as it is from Assay's own environment.");
    }
  }

  /// The variables of one trial, or of the look-out for its program.
  Map<String, String> fill(Configuration configuration, Map<String, String> facts) {
    var filled = new LinkedHashMap<String, String>();
    values.forEach((name, value) -> {
      var text =
          switch (value) {
            case EnvironmentValue.Written(var template) ->
                CommandTemplate.fill(template, configuration, facts);
            case EnvironmentValue.From(var variable) -> own.get(variable);
          };
      if (text != null) {
        filled.put(name, text);
      }
    });
    return filled;
  }

  /// As they are written, for what is asked for before there is a trial.
  Map<String, String> unfilled() {
    var all = new LinkedHashMap<>(own);
    values.forEach((name, value) -> {
      switch (value) {
        case EnvironmentValue.Written(var template) -> all.put(name, template);
        case EnvironmentValue.From(var variable) -> {
          var text = own.get(variable);
          if (text != null) {
            all.put(name, text);
          }
        }
      }
    });
    return all;
  }

  /// What must not be shown of a trial.
  ///
  /// @param filled as [#fill] gave it
  HiddenValues hidden(Map<String, String> filled) {
    var hidden = new LinkedHashMap<>(filled);
    values.forEach((name, value) -> {
      if (isOpen(value)) {
        hidden.remove(name);
      }
    });
    return HiddenValues.of(hidden);
  }
}
