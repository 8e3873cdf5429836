package dev.assay.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Scripts by which shells complete commands, options, words that options take, and the names of
/// studies, which are those of the directories that hold them, decoded.
final class ShellCompletion {
  static final List<String> SHELLS = List.of("bash", "zsh", "fish");

  private static final String STUDY = "STUDY";

  private static final Pattern CHOICE = Pattern.compile("[a-z_\\d]+(, [a-z_\\d]+)* or [a-z_\\d]+");

  private static final Pattern WORD = Pattern.compile("[a-z_\\d]+");

  /// Without a study or word that fits, files are completed. What is completed is quoted here: the
  /// shell takes it as it is.
  private static final String BASH =
      """
      # Completes the words of assay, in bash and by its own bashcompinit in zsh.
      if [ -n "${ZSH_VERSION:-}" ]; then
        autoload -U +X bashcompinit && bashcompinit
      fi

      _assay_studies() {
        local directory name
        find "${ASSAY_STUDIES:-results/studies}" -mindepth 1 -maxdepth 1 -type d 2>/dev/null | while IFS= read -r directory; do
          name=${directory##*/}
          printf '%%q\\n' "$(printf '%%b' "${name//\\%%/\\\\x}")"
        done
      }

      _assay() {
        local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" words="" one
        COMPREPLY=()
        if [ "$COMP_CWORD" -eq 1 ]; then
          words='%s'
        else
          case "${COMP_WORDS[1]} $before" in
      %s      *)
              case "${COMP_WORDS[1]} $word" in
      %s        esac ;;
          esac
        fi
        while IFS= read -r one; do
          case "$one" in
            "") ;;
            "$word"*) COMPREPLY+=("$one") ;;
          esac
        done <<END
      $words
      END
      }
      complete -o default -F _assay assay
      """;

  private final CommandLine root;

  ShellCompletion(CommandLine root) {
    this.root = root;
  }

  String script(String shell) {
    return shell.equals("fish") ? fish() : bash();
  }

  private List<CommandSpec> commands() {
    return root.getSubcommands().values().stream().map(CommandLine::getCommandSpec).toList();
  }

  /// The words to choose from, where a description is nothing else: `csv, json or parquet`.
  private static List<String> candidates(ArgSpec word) {
    var description = String.join(" ", word.description());
    return CHOICE.matcher(description).matches()
        ? List.of(description.split(", | or "))
        : List.of();
  }

  private static boolean takesWord(OptionSpec option) {
    return option.arity().max() > 0;
  }

  private static boolean takesStudy(CommandSpec command) {
    return command.positionalParameters().stream()
        .anyMatch(positional -> positional.paramLabel().equals(STUDY));
  }

  /// A word that is described by itself is the only one there is.
  private static List<String> positionals(CommandSpec command) {
    return command.positionalParameters().stream()
        .flatMap(positional -> {
          var words = candidates(positional);
          var only = String.join(" ", positional.description());
          return words.isEmpty() && WORD.matcher(only).matches() ? Stream.of(only) : words.stream();
        })
        .toList();
  }

  private static String lines(List<String> words) {
    return String.join("\n", words);
  }

  private String bash() {
    var before = new StringBuilder();
    var here = new StringBuilder();
    for (var command : commands()) {
      var options = new ArrayList<String>();
      for (var option : command.options()) {
        options.addAll(List.of(option.names()));
        if (takesWord(option)) {
          before
              .append("      ")
              .append(pattern(command.name(), option))
              .append(") words='")
              .append(lines(candidates(option)))
              .append("' ;;\n");
        }
      }
      here.append("          \"%s -\"*) words='%s' ;;\n".formatted(command.name(), lines(options)));
      var others = positionals(command);
      if (takesStudy(command) || !others.isEmpty()) {
        var words = others.isEmpty() ? "" : "'" + lines(others) + "'";
        if (takesStudy(command)) {
          words += (others.isEmpty() ? "" : "$'\\n'") + "$(_assay_studies)";
        }
        here.append("          \"%s \"*) words=%s ;;\n".formatted(command.name(), words));
      }
    }
    var names = commands().stream().map(CommandSpec::name).toList();
    return BASH.formatted(lines(names), before, here);
  }

  private static String pattern(String command, OptionSpec option) {
    return List.of(option.names()).stream()
        .map(name -> "\"" + command + " " + name + "\"")
        .collect(Collectors.joining(" | "));
  }

  private String fish() {
    var script = new StringBuilder("complete -c assay -f\n");
    for (var command : commands()) {
      script.append(
          "complete -c assay -n __fish_use_subcommand -a %s -d %s\n"
              .formatted(command.name(), quoted(description(command))));
      var within = "complete -c assay -n '__fish_seen_subcommand_from " + command.name() + "'";
      for (var option : command.options()) {
        script.append(within).append(fish(option)).append('\n');
      }
      var others = positionals(command);
      script
          .append(within)
          .append(
              takesStudy(command)
                  ? " -a '"
                      + others.stream().map(word -> word + " ").collect(Collectors.joining())
                      + "(find (set -q ASSAY_STUDIES; and echo $ASSAY_STUDIES; or echo"
                      + " results/studies) -mindepth 1 -maxdepth 1 -type d 2>/dev/null | path"
                      + " basename | string unescape --style=url)'"
                  : others.isEmpty() ? " -F" : " -a " + quoted(String.join(" ", others)))
          .append('\n');
    }
    return script.toString();
  }

  private static String fish(OptionSpec option) {
    var words = new StringBuilder();
    for (var name : option.names()) {
      words.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    var candidates = candidates(option);
    if (takesWord(option)) {
      words.append(
          candidates.isEmpty() ? " -r -F" : " -x -a " + quoted(String.join(" ", candidates)));
    }
    return words + " -d " + quoted(String.join(" ", option.description()));
  }

  private static String description(CommandSpec command) {
    return String.join(" ", command.usageMessage().description());
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
