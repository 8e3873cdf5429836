package dev.assay.run.command;

import dev.assay.internal.words.NumberText;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds numbers by a regex of the user's. Regexes are written for the numbers that their author
/// saw: what they take of others (`9.8` of `9.8e-05`) or pass over (`nan`, where they ask for
/// digits) is noticed here, by asking whether the regex would match if the number were another.
final class RegexReader implements LineReader {
  /// Text around a number in parentheses, quotes or a sentence.
  private static final Pattern BRACKETED = Pattern.compile("[(\\[{\"'`]*+(.*?)[)\\]}\"'`,;:.]*+");

  private static final Pattern NOT_FINITE =
      Pattern.compile(
          "(?<![\\w.])[-+]?(?:nan(?:\\(\\w*\\))?|inf(?:inity)?|∞|1\\.#\\w+)(?!\\w)",
          Pattern.CASE_INSENSITIVE);

  /// A name, to which a number behind it belongs.
  private static final Pattern NAME = Pattern.compile("([A-Za-z][\\w./-]*)[\"']?\\s*[=:]?\\s*$");

  /// Places of a line that are tried with another number.
  private static final int MOST_TRIED = 8;

  private static final int LONGEST_LEAD = 64;

  private final ValueSource.Match source;
  private final MatchEffort effort;

  /// A number as the regex takes it.
  private String model = "0.5";

  /// The word before the last number that was found; null where none was.
  private @Nullable String lead;

  /// Matches of the line.
  private int taken;

  RegexReader(ValueSource.Match source, MatchEffort effort) {
    this.source = source;
    this.effort = effort;
  }

  @Override
  public void read(String line, Found found) {
    var text = TerminalText.of(line);
    effort.begin(line);
    taken = 0;
    try {
      matches(text, found);
      if (taken == 0 && !text.equals(line)) {
        matches(line, found);
      }
      if (taken == 0) {
        overlooked(text, found);
      }
    } catch (MatchEffort.Exhausted e) {
      if (!e.isOver()) {
        givenUp("takes too long", line, found);
      }
    } catch (StackOverflowError e) {
      givenUp("nests too deeply", line, found);
    }
  }

  private void givenUp(String why, String line, Found found) {
    var what =
        "matching the regex "
            + why
            + " on a line of "
            + line.length()
            + " characters, of which the rest is passed over; write it without nested or leading"
            + " repetitions, or write value: {number: NAME}";
    if (taken > 0) { // a later number of the line would count
      found.unreadable(what);
    } else {
      found.remark(what);
    }
  }

  private void matches(String text, Found found) {
    var matcher = source.pattern().matcher(effort.watch(text));
    while (matcher.find()) {
      if (matcher.start(source.valueGroup()) >= 0) {
        taken++;
        take(text, matcher.toMatchResult(), found);
      }
    }
  }

  private void take(String text, MatchResult match, Found found) {
    int group = source.valueGroup();
    try {
      whole(text, match, group);
      double value = number(text.substring(match.start(group), match.end(group)));
      found.number(step(text, match, found), value);
      remember(text, match.start(group), match.end(group));
    } catch (NumberFormatException e) {
      found.unreadable(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable Long step(String text, MatchResult match, Found found) {
    int group = source.stepGroup();
    if (group == 0 || match.start(group) < 0) {
      return null;
    }
    try {
      whole(text, match, group);
      return NumberText.whole(text.substring(match.start(group), match.end(group)));
    } catch (NumberFormatException e) {
      found.remark("step: " + e.getMessage());
      return null;
    }
  }

  private void remember(String text, int start, int end) {
    model = text.substring(start, end);
    int to = start;
    while (to > 0 && Character.isWhitespace(text.charAt(to - 1))) {
      to--;
    }
    int from = to;
    while (from > Math.max(0, to - LONGEST_LEAD)
        && !Character.isWhitespace(text.charAt(from - 1))) {
      from--;
    }
    lead = text.substring(from, to);
  }

  private static double number(String word) {
    var number = NumberText.find(word);
    if (number.isPresent()) {
      return number.getAsDouble();
    }
    var inner = BRACKETED.matcher(word);
    var bare = inner.matches() ? NumberText.find(inner.group(1)) : number;
    return bare.isPresent() ? bare.getAsDouble() : NumberText.parse(word);
  }

  /// Refuses a part of a number, unless the regex itself asks for what stands beside it, as for the
  /// comma between two cells of a table.
  private void whole(String text, MatchResult match, int group) {
    int start = match.start(group);
    int end = match.end(group);
    var token = NumberToken.around(text, start, end);
    if (token == null) {
      return;
    }
    int beside = token.end() > end ? end : start - 1;
    boolean exponent = "eEdD".indexOf(text.charAt(beside)) >= 0;
    var other = text.charAt(beside) == ' ' ? "_" : " ";
    if (exponent || matchesAt(replace(text, beside, beside + 1, other), start, end, group, false)) {
      throw new NumberFormatException(
          "the regex took \""
              + text.substring(start, end)
              + "\" of \""
              + token.text()
              + "\""
              + mend(text, start));
    }
  }

  private static String mend(String text, int number) {
    var before = NAME.matcher(text.substring(Math.max(0, number - LONGEST_LEAD), number));
    return "; let it take any number, as (\\S+) does, or write value: {number: "
        + (before.find() ? before.group(1) : "NAME")
        + "}";
  }

  /// Whether the regex finds something between two places.
  ///
  /// @param exactly whether just that
  private boolean matchesAt(String text, int start, int end, int group, boolean exactly) {
    var matcher = source.pattern().matcher(effort.watch(text));
    while (matcher.find()) {
      int from = matcher.start(group);
      int to = matcher.end(group);
      if (exactly ? from == start && to == end : from >= 0 && from < end && to > start) {
        return true;
      }
    }
    return false;
  }

  private static String replace(String text, int start, int end, String other) {
    return text.substring(0, start) + other + text.substring(end);
  }

  /// Whether the regex would take what stands between two places if it looked like the number that
  /// it took before.
  private boolean meant(String text, int start, int end) {
    return matchesAt(
        replace(text, start, end, model), start, start + model.length(), source.valueGroup(), true);
  }

  /// A line that does not match, though it would with another number.
  private void overlooked(String text, Found found) {
    var word = NOT_FINITE.matcher(text);
    for (int i = 0; i < MOST_TRIED && word.find(); i++) {
      if (meant(text, word.start(), word.end())) {
        found.remark(
            "the regex does not match " + word.group() + ", which the line says all the same");
        found.number(null, NumberText.find(word.group()).orElse(Double.NaN));
        return;
      }
    }
    if (lead == null) {
      return;
    }
    int at = lead.isEmpty() ? 0 : text.lastIndexOf(lead);
    if (at < 0 || (at > 0 && !Character.isWhitespace(text.charAt(at - 1)))) {
      return;
    }
    at += lead.length();
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    var token = NumberToken.anyAt(text, at);
    if (token != null && meant(text, token.start(), token.end())) {
      found.unreadable(
          "the regex does not match \""
              + token.text()
              + "\", though it took \""
              + model
              + "\" before"
              + mend(text, token.start()));
    }
  }
}
