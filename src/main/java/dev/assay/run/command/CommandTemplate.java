package dev.assay.run.command;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Words with placeholders: `{learning_rate}` is a parameter's value, `{args}` all active
/// parameters as `--name=value`, `{trial}`, `{seed}` and `{dir}` the trial's number, seed and own
/// directory, `{params}` the parameters as JSON.
///
/// `{{name}}` stands for `{name}` itself; `${name}` is the shell's and stays, as do braces around
/// anything but a name.
final class CommandTemplate {
  /// Letters of any script.
  static final String NAME = "[\\p{L}_][\\p{L}\\p{M}\\p{N}_.-]*";

  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\{\\{(" + NAME + ")\\}\\}|(?<!\\$)\\{(" + NAME + ")\\}");
  private static final Pattern PLAIN_WORD = Pattern.compile("[\\w@%+=:,./-]+");

  static final String ARGS = "args";
  static final List<String> FACTS = List.of("trial", "seed", "dir", "params");

  private CommandTemplate() {}

  /// Refuses placeholders that mean nothing.
  ///
  /// @param words of the command
  /// @throws Problem naming the placeholder and the nearest known one
  static void check(List<String> words, SearchSpace space) {
    var names = space.parameters().stream().map(parameter -> parameter.name()).toList();
    var known = new TreeSet<>(FACTS);
    known.add(ARGS);
    known.addAll(names);
    var conditional =
        space.parameters().stream()
            .filter(parameter -> !parameter.condition().isAlways())
            .map(parameter -> parameter.name())
            .toList();
    for (int i = 0; i < words.size(); i++) {
      var word = words.get(i);
      for (var name : placeholders(word)) {
        if (!known.contains(name)) {
          throw new Problem(
              "The placeholder is unknown.",
              "{" + name + "} in \"" + word + "\"",
              Nearest.suggest(name, known)
                  + " Write {{"
                  + name
                  + "}} if the program is to see {"
                  + name
                  + "}.");
        }
        if (conditional.contains(name)
            && word.equals("{" + name + "}")
            && i > 0
            && isOption(words.get(i - 1))) {
          throw new Problem(
              "The parameter does not always exist, its option would.",
              "\"" + words.get(i - 1) + "\", \"" + word + "\"",
              "Write one word, which is then left out whole: \""
                  + words.get(i - 1)
                  + "="
                  + word
                  + "\".");
        }
      }
    }
  }

  /// The parameters of which no word speaks.
  static List<String> unnamed(List<String> words, SearchSpace space) {
    var named = words.stream().flatMap(word -> placeholders(word).stream()).toList();
    return named.contains(ARGS) || named.contains("params")
        ? List.of()
        : space.parameters().stream()
            .map(parameter -> parameter.name())
            .filter(name -> !named.contains(name))
            .toList();
  }

  private static boolean isOption(String word) {
    return word.startsWith("-") && !word.contains("=");
  }

  private static List<String> placeholders(String word) {
    return PLACEHOLDER
        .matcher(word)
        .results()
        .map(match -> match.group(2))
        .filter(java.util.Objects::nonNull)
        .toList();
  }

  /// The words with values in place of placeholders. A word with a parameter that does not exist in
  /// this configuration is left out.
  ///
  /// @param facts of the trial, by the names in [#FACTS]; a parameter of that name comes first
  static List<String> fill(
      List<String> words, Configuration configuration, Map<String, String> facts) {
    var filled = new ArrayList<String>();
    for (var word : words) {
      if (word.equals("{" + ARGS + "}") && !configuration.values().containsKey(ARGS)) {
        filled.addAll(args(configuration));
      } else {
        var text = fill(word, configuration, facts);
        if (text != null) {
          filled.add(text);
        }
      }
    }
    return filled;
  }

  /// One word; null when it names a parameter that does not exist in this configuration.
  static @Nullable String fill(
      String word, Configuration configuration, Map<String, String> facts) {
    var values = configuration.values();
    for (var name : placeholders(word)) {
      if (!values.containsKey(name) && !facts.containsKey(name) && !name.equals(ARGS)) {
        return null;
      }
    }
    return PLACEHOLDER
        .matcher(word)
        .replaceAll(match ->
            java.util.regex.Matcher.quoteReplacement(
                replacement(match, configuration, values, facts)));
  }

  private static String replacement(
      MatchResult match,
      Configuration configuration,
      Map<String, @Nullable Object> values,
      Map<String, String> facts) {
    var name = match.group(2);
    if (name == null) {
      return "{" + match.group(1) + "}";
    }
    if (values.containsKey(name)) {
      return text(values.get(name));
    }
    var fact = facts.get(name);
    return fact == null ? shell(args(configuration)) : fact;
  }

  private static List<String> args(Configuration configuration) {
    var args = new ArrayList<String>();
    configuration.values().forEach((name, value) -> args.add("--" + name + "=" + text(value)));
    return args;
  }

  /// A value as programs in any language read it.
  static String text(@Nullable Object value) {
    return value instanceof Double number
        ? Double.toString(number).replace(".0E", "E").replace('E', 'e')
        : String.valueOf(value);
  }

  /// The words as one line that a POSIX shell splits into them again.
  static String shell(List<String> words) {
    var line = new StringBuilder();
    for (var word : words) {
      line.append(line.isEmpty() ? "" : " ");
      line.append(
          PLAIN_WORD.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'");
    }
    return line.toString();
  }
}
