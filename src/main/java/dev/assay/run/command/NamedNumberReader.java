package dev.assay.run.command;

import dev.assay.internal.words.NumberText;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds the numbers that stand behind a name: `val_loss=0.3`, `val_loss: 0.3`, `"val_loss": 0.3`,
/// `| val_loss | 0.3 |`, `val_loss 0.3`. Other names that end or begin in the same way
/// (`best_val_loss`, `val_loss_ema`) are others.
final class NamedNumberReader implements LineReader {
  /// What may stand between a name and its number: what closes the name, then a sign or spaces.
  private static final Pattern BETWEEN =
      Pattern.compile(
          "[\\\\\"'`*)\\]]{0,3}+(?:\\s*+(=>|->|→|==|:=|=|:|：|\\|)\\s*+|\\s++)[\"'`*]{0,2}+");

  /// The number that a word of Python's is made of: `np.float64(0.3)`, `tensor(0.3, device='cpu')`.
  private static final Pattern WRAPPED =
      Pattern.compile(
          "(?:\\w+\\.)?(?:tensor|Tensor|array|Array|Decimal|b?float(?:16|32|64)?|longdouble)"
              + "\\(\\s*['\"]?([^\\s'\",()\\[\\]]+)['\"]?\\s*[,)]");

  /// Ends the text of a number, beside spaces and commas that no digit follows.
  private static final String ENDS = ";)]}|\"'`<>/%±&*=\\";

  /// What programs print where there is no number: Fortran stars, a list.
  private static final Pattern NOTHING =
      Pattern.compile("(?i)(?:none|null|nil|n/?a|undefined|--?|\\?)(?![\\w.-])|\\[|\\*{3}");

  /// What makes another number of the one before it: a percentage, a fraction, a power.
  private static final Pattern OTHER_NUMBER =
      Pattern.compile("\\s?[%‰]|\\s?[/⁄÷*×·^]\\s?[-+]?[0-9.]++|\\*\\*[-+]?[0-9.]++");

  /// In any script.
  private static final Pattern NUMERAL = Pattern.compile("\\p{N}");

  private static final Pattern NUMERIC = Pattern.compile("[-+.−–]|\\p{N}");

  private final String name;
  private final @Nullable String stepName;
  private @Nullable Long step;

  NamedNumberReader(ValueSource.Named source) {
    this.name = source.name();
    this.stepName = source.step();
  }

  @Override
  public void read(String line, Found found) {
    var text = TerminalText.of(line);
    if (stepName != null) {
      forEach(text, stepName, new Steps(found));
    }
    forEach(text, name, found);
  }

  /// Steps may stand on the same line as the value, or on one before it.
  private final class Steps implements Found {
    private final Found found;

    Steps(Found found) {
      this.found = found;
    }

    @Override
    public void number(@Nullable Long none, double value) {
      if (NumberText.isWhole(value)) {
        step = (long) value;
      } else {
        found.remark(stepName + " is no whole number: " + value);
      }
    }

    @Override
    public void remark(String what) {
      found.remark(what);
    }

    @Override
    public void unreadable(String why) {
      found.remark(why);
    }
  }

  private void forEach(String text, String wanted, Found found) {
    int from = 0;
    for (int at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, from)) {
      from = at + wanted.length();
      if (at == 0 || !belongsToName(text.charAt(at - 1))) {
        behind(text, from, found);
      }
    }
  }

  private static boolean belongsToName(char c) {
    return Character.isLetterOrDigit(c) || "_.-/".indexOf(c) >= 0;
  }

  private void behind(String text, int end, Found found) {
    var between = BETWEEN.matcher(text).region(end, text.length());
    if (!between.lookingAt()) {
      return;
    }
    int start = between.end();
    var wrapped = WRAPPED.matcher(text).region(start, text.length());
    var word = wrapped.lookingAt() ? wrapped.group(1) : word(text, start);
    var number = NumberText.find(word);
    var token = NumberToken.at(text, start);
    if (number.isPresent() && token != null && token.text().length() > word.length()) {
      found.unreadable(whyNot(token.text())); // 1 of 1'234
    } else if (number.isPresent() && withMore(text, start, word, found) instanceof String whole) {
      found.unreadable(
          "\""
              + whole
              + "\" is more than the number "
              + word
              + "; print the value alone, as in 0.12"
              + regexFor(text, end, start, whole));
    } else if (number.isPresent()) {
      found.number(step, number.getAsDouble());
    } else if (isMeantAsNumber(word, text.substring(start), between.group(1) != null)) {
      found.unreadable(whyNot(word.isEmpty() ? text.substring(start) : word));
    }
  }

  /// How a percentage is taken as it is printed.
  private String regexFor(String text, int end, int start, String whole) {
    var between = text.substring(end, start);
    return whole.endsWith("%") && (name + between).matches("[\\w :=-]+")
        ? ", or let a regex take it: value: {regex: '" + name + between + "(\\S+)%'}"
        : "";
  }

  /// The number with what makes another one of it: `12%`, `3/10`. A step may be one of so many.
  ///
  /// @return null where the number is all there is
  private static @Nullable String withMore(String text, int start, String word, Found found) {
    if (found instanceof Steps || !text.startsWith(word, start)) {
      return null;
    }
    var more = OTHER_NUMBER.matcher(text).region(start + word.length(), text.length());
    return more.lookingAt() ? word + more.group() : null;
  }

  private static String whyNot(String word) {
    try {
      return "it is " + NumberText.parse(word);
    } catch (NumberFormatException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /// The text that would be the number.
  private static String word(String text, int start) {
    int end = start;
    while (end < text.length() && goesOn(text, end, start)) {
      end++;
    }
    while (end > start
        && ".,:!+".indexOf(text.charAt(end - 1)) >= 0
        && !isNumber(text, start, end)) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isNumber(String text, int start, int end) {
    return NumberText.find(text.substring(start, end)).isPresent();
  }

  private static boolean goesOn(String text, int at, int start) {
    char c = text.charAt(at);
    if (c == ',') {
      return at + 1 < text.length() && isDigit(text.charAt(at + 1));
    }
    if (c == '(' || c == ')') { // of nan(ind), or of what is no number
      var before = text.substring(start, at).toLowerCase(Locale.ROOT);
      return before.matches("[-+]?nan(?:\\(\\w*)?") || (c == '(' && !isNumber(text, start, at));
    }
    return !Character.isWhitespace(c) && ENDS.indexOf(c) < 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /// Whether a word that is no number stands for one, as `0,31` and `None` do, and those of a
  /// sentence do not.
  private static boolean isMeantAsNumber(String word, String rest, boolean signed) {
    if (NUMERAL.matcher(word).find()) {
      return signed || NUMERIC.matcher(word).lookingAt();
    }
    return signed && NOTHING.matcher(rest).lookingAt();
  }

  /// The name under which a text has a number for a metric: the metric's own, or one that differs
  /// in its letters' case, or in what joins its words; null where there is none.
  static @Nullable String printed(String metric, String text) {
    var form =
        Pattern.compile(
            Arrays.stream(metric.split("[-_ ]"))
                .map(Pattern::quote)
                .collect(Collectors.joining("[-_ ]?")),
            Pattern.CASE_INSENSITIVE);
    String last = null;
    for (var line : TerminalText.of(text).lines().toList()) {
      var seen = form.matcher(line);
      while (seen.find()) {
        var number = new boolean[1];
        if (seen.start() == 0 || !belongsToName(line.charAt(seen.start() - 1))) {
          var reader = new NamedNumberReader(new ValueSource.Named(seen.group(), null));
          reader.behind(line, seen.end(), new Seen(number));
        }
        last = number[0] ? seen.group() : last;
      }
    }
    return last;
  }

  private record Seen(boolean[] number) implements Found {
    @Override
    public void number(@Nullable Long step, double value) {
      number[0] = true;
    }

    @Override
    public void remark(String what) {}

    @Override
    public void unreadable(String why) {}
  }
}
