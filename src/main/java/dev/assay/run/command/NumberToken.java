package dev.assay.run.command;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Numbers in a line of text in any notation that people use, also in those that cannot be read:
/// where they begin and end.
record NumberToken(int start, int end, String text) {
  private static final String COMMAS =
      "[1-9][0-9]{0,2}+(?:,[0-9]{3})++(?:\\.[0-9]*+)?(?![.,]?[0-9])";

  /// As in India: 12,34,567.
  private static final String PAIRS =
      "[1-9][0-9]?+(?:,[0-9]{2})+,[0-9]{3}(?:\\.[0-9]*+)?(?![.,]?[0-9])";

  private static final String POINTS_AND_COMMA =
      "[1-9][0-9]{0,2}+(?:\\.[0-9]{3})++,[0-9]++(?![.,]?[0-9])";
  private static final String DECIMAL_COMMA = "[0-9]++,[0-9]++(?![.,]?[0-9])";

  /// What other lands and languages group thousands with: `_` and apostrophes, spaces of any width
  /// but the common one.
  private static final String OTHER_GROUPS =
      "[0-9]{1,3}+(?:[_'’\u066c[\\p{Zs}&&[^ ]]][0-9]{3})++(?:[.,][0-9]*+)?";

  /// With common spaces; not `3 100%`, `3 250/938`, which are two.
  private static final String SPACES =
      "[1-9][0-9]{0,2}+(?: [0-9]{3})++(?:[.,][0-9]++)?(?![\\w%/|:.-])";

  private static final String OTHER_BASES =
      "0[xX][0-9a-fA-F]++(?:\\.[0-9a-fA-F]*+)?(?:[pP][-+]?[0-9]++)?|0[bB][01]++|0[oO][0-7]++";
  private static final String PLAIN = "(?:[0-9]++(?:\\.[0-9]*+)?|\\.[0-9]++)(?:\\.[0-9]++)*+";

  /// Also Fortran's `D-05`, `×10^-5`, Microsoft's `1.#QNAN`.
  private static final String EXPONENT =
      "(?:[eE][-+−]?[0-9]++|[dD][-+][0-9]++|\\s?[×·x*]\\s?10(?:\\^|\\*\\*)[-+−{(]*+[0-9]++|#\\w++"
          + "|[⁺⁻]?[⁰¹²³⁴-⁹]++)?";

  private static final Pattern FORM =
      Pattern.compile(
          "(?:(?<![\\w.)\\]])[-+−])?(?:"
              + OTHER_BASES
              + "|(?<![0-9.,])(?:"
              + COMMAS
              + "|"
              + PAIRS
              + "|"
              + SPACES
              + "|"
              + POINTS_AND_COMMA
              + "|"
              + DECIMAL_COMMA
              + ")|"
              + OTHER_GROUPS
              + "|"
              + PLAIN
              + ")"
              + EXPONENT);

  /// A number in digits or with signs of other scripts, or behind a sign of currency or a bracket:
  /// `٠٫٥`, `–0.5`, `½`, `$5`, `(0.5`.
  private static final Pattern FOREIGN =
      Pattern.compile("[^\\s\\p{L}\\p{N}]{0,3}+\\p{N}(?:\\S*[^\\s,;:.!?)\\]}\"'])?+");

  /// How far before a place the number in it may have begun.
  private static final int REACH = 400;

  /// The number of which a part stands between two places and another part outside them; null where
  /// there is none.
  static @Nullable NumberToken around(String line, int start, int end) {
    int from = start;
    while (from > Math.max(0, start - REACH) && !Character.isWhitespace(line.charAt(from - 1))) {
      from--;
    }
    var matcher =
        FORM.matcher(line)
            .region(from, Math.min(line.length(), end + REACH))
            .useTransparentBounds(true);
    while (matcher.find() && matcher.start() < end) {
      boolean sticksOut =
          matcher.end() > end
              || matcher.start() < start - 1
              || (matcher.start() == start - 1 && line.charAt(start - 1) != '+');
      if (matcher.end() > start && sticksOut) {
        return new NumberToken(matcher.start(), matcher.end(), matcher.group());
      }
    }
    return null;
  }

  /// The number that begins at a place; null where none does.
  static @Nullable NumberToken at(String line, int start) {
    return at(FORM, line, start);
  }

  /// The same, also where only another reader could say what number it is.
  static @Nullable NumberToken anyAt(String line, int start) {
    var number = at(line, start);
    return number == null ? at(FOREIGN, line, start) : number;
  }

  private static @Nullable NumberToken at(Pattern form, String line, int start) {
    var matcher =
        form.matcher(line)
            .region(start, Math.min(line.length(), start + REACH))
            .useTransparentBounds(true);
    return matcher.lookingAt()
        ? new NumberToken(matcher.start(), matcher.end(), matcher.group())
        : null;
  }
}
