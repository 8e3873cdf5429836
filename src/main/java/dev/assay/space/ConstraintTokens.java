package dev.assay.space;

import dev.assay.internal.words.Spoken;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Splits a constraint into numbers, names, texts and operators, and knows what other languages
/// write for what a constraint can say.
final class ConstraintTokens {
  static final String KNOWN =
      "Known: + - * / % < <= == != >= > and or not min max abs floor ceil log2 ( ).";

  /// Of a constraint in a message, in characters.
  private static final int LONGEST_SHOWN = 500;

  /// Operators of other languages that begin like one of ours stand before those.
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*+(?:(?<number>(?:[0-9]++\\.?[0-9]*+|\\.[0-9]++)(?:[eE][+-]?[0-9]++)?+[\\p{L}\\p{N}_.]*+)"
              + "|(?<name>[\\p{L}_][\\p{L}\\p{N}_.]*+)|(?<text>\"[^\"]*+\"|'[^']*+')"
              + "|(?<foreign>\\*\\*|//|&&|\\|\\||===|!==|=<|=>|<>|<<|>>|[<>=!]\\s++="
              + "|!(?!=)|=(?!=)|\\.(?:inf|nan)\\b|[&|^~?:;\\[\\]{}≤≥≠·×÷−–∧∨¬])"
              + "|<=|>=|==|!=|[-+*/%()<>,])");

  private static final Pattern NUMBER =
      Pattern.compile("(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");

  private static final Pattern FACTOR =
      Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)([\\p{L}_][\\p{L}\\p{N}_.]*)");

  private static final Pattern SUPERSCRIPT = Pattern.compile("[²³¹⁰-⁹]");

  private static final String POWER = "Write a power as a product: x * x for the square of x.";
  private static final String EITHER = "Write (a and b) or (not a and c) for \"b if a, else c\".";
  private static final String FINITE =
      "Every value is finite: leave out the bound that nothing reaches.";

  /// What to write instead, by operator or word.
  private static final Map<String, String> MENDS =
      Map.ofEntries(
          Map.entry("**", POWER),
          Map.entry("^", POWER),
          Map.entry("//", "Write (x - x % y) / y for the whole part of x / y."),
          Map.entry("&&", "Write and."),
          Map.entry("&", "Write and."),
          Map.entry("||", "Write or."),
          Map.entry("|", "Write or."),
          Map.entry("!", "Write not, or != for \"differs from\"."),
          Map.entry("~", "Write not."),
          Map.entry("=", "Write == for \"is equal to\"."),
          Map.entry("===", "Write ==."),
          Map.entry("!==", "Write !=."),
          Map.entry("=<", "Write <=."),
          Map.entry("=>", "Write >= for \"at least\"; \"a implies b\" is: not a or b."),
          Map.entry("<>", "Write !=."),
          Map.entry("≤", "Write <=."),
          Map.entry("≥", "Write >=."),
          Map.entry("≠", "Write !=."),
          Map.entry("·", "Write *."),
          Map.entry("×", "Write *."),
          Map.entry("÷", "Write /."),
          Map.entry("−", "Write -, the minus of the keyboard."),
          Map.entry("–", "Write -, the minus of the keyboard."),
          Map.entry("∧", "Write and."),
          Map.entry("∨", "Write or."),
          Map.entry("¬", "Write not."),
          Map.entry("<<", "Multiply by a power of two: x * 4 for x << 2."),
          Map.entry(">>", "Divide by a power of two: (x - x % 4) / 4 for x >> 2."),
          Map.entry("?", EITHER),
          Map.entry(":", EITHER),
          Map.entry("if", EITHER),
          Map.entry("else", EITHER),
          Map.entry(";", "Join the two with and, or write a list of constraints."),
          Map.entry(
              ",", "Decimals stand behind a point: 1.5; a comma only parts what min and max take."),
          Map.entry("[", "Write x == 1 or x == 2 for \"one of 1 and 2\"."),
          Map.entry("]", "Write x == 1 or x == 2 for \"one of 1 and 2\"."),
          Map.entry("{", "Write x == 1 or x == 2 for \"one of 1 and 2\"."),
          Map.entry("}", "Write x == 1 or x == 2 for \"one of 1 and 2\"."),
          Map.entry("in", "Write x == 1 or x == 2 for \"one of 1 and 2\"."),
          Map.entry("between", "Write 1 <= x <= 2."),
          Map.entry("is", "Write ==, or != for \"is not\"."),
          Map.entry("xor", "Write (a or b) and not (a and b)."),
          Map.entry("mod", "Write %."),
          Map.entry("div", "Write (x - x % y) / y for the whole part of x / y."),
          Map.entry("then", "Write not a or b for \"if a then b\"."),
          Map.entry("implies", "Write not a or b for \"a implies b\"."),
          Map.entry("not", "Write x != 1 and x != 2 for \"none of 1 and 2\"."),
          Map.entry("none", "A parameter that does not exist is not compared: leave it out."),
          Map.entry("null", "A parameter that does not exist is not compared: leave it out."),
          Map.entry("inf", FINITE),
          Map.entry(".inf", FINITE),
          Map.entry("infinity", FINITE),
          Map.entry("nan", FINITE),
          Map.entry(".nan", FINITE));

  /// @param column from 1
  record Token(String text, int column) {}

  private ConstraintTokens() {}

  static List<Token> of(String text) {
    var tokens = new ArrayList<Token>();
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    while (matcher.lookingAt()) {
      var token = matcher.group().strip();
      int column = matcher.end() - token.length() + 1;
      if (matcher.group("foreign") != null) {
        throw foreign(text, token, column);
      }
      if (matcher.group("number") != null) {
        requireNumber(text, token, column);
      }
      tokens.add(new Token(token, column));
      end = matcher.end();
      matcher.region(end, text.length());
    }
    if (!text.substring(end).isBlank()) {
      int column = end + 1 + text.substring(end).indexOf(text.substring(end).strip());
      throw new Problem(
          "The constraint has a character that means nothing here.",
          place(text, column, text.substring(column - 1, text.offsetByCodePoints(column - 1, 1))),
          KNOWN);
    }
    return tokens;
  }

  /// Where something is wrong: the constraint, or the beginning of a long one, and the column.
  static String place(String text, int column) {
    return "\"" + Spoken.cut(text, LONGEST_SHOWN) + "\", column " + column;
  }

  private static String place(String text, int column, String token) {
    return place(text, column) + ": " + Spoken.cut(token, LONGEST_SHOWN);
  }

  private static Problem foreign(String text, String operator, int column) {
    return new Problem(
        "There is no such operator in a constraint.",
        place(text, column, operator),
        operator.matches("(?s).\\s+=")
            ? "Write " + operator.charAt(0) + "= without a space in it."
            : java.util.Objects.requireNonNull(mend(operator)));
  }

  private static void requireNumber(String text, String token, int column) {
    boolean number = NUMBER.matcher(token).matches();
    if (!number || Double.isInfinite(Double.parseDouble(token))) {
      throw new Problem(
          number
              ? "The constraint has a number that is too large."
              : "The constraint has a number that cannot be read.",
          place(text, column, token),
          number ? FINITE : decimal(token));
    }
  }

  private static String decimal(String token) {
    var lower = token.toLowerCase(Locale.ROOT);
    try {
      if (lower.matches("0[xob][0-9a-f]+")) {
        int radix = lower.charAt(1) == 'x' ? 16 : lower.charAt(1) == 'o' ? 8 : 2;
        return "Write " + new java.math.BigInteger(lower.substring(2), radix) + ".";
      }
    } catch (NumberFormatException e) {
      return "Write it as a decimal: 16, 0.5 or 1e-4.";
    }
    if (token.matches("[0-9][0-9_]*\\.?[0-9_]*")) {
      return "Write " + token.replace("_", "") + ".";
    }
    var factor = FACTOR.matcher(token);
    return factor.matches()
        ? "Write " + factor.group(1) + " * " + factor.group(2) + " for a product."
        : "Write it as a decimal: 16, 0.5 or 1e-4.";
  }

  /// What stands for an operator or a word of another language; null for one that is not known.
  static @Nullable String mend(String token) {
    var lower = token.toLowerCase(Locale.ROOT);
    if (!lower.equals(token) && List.of("and", "or", "not", "true", "false").contains(lower)) {
      return "Write " + lower + ", in small letters.";
    }
    if (SUPERSCRIPT.matcher(token).find()) {
      return POWER;
    }
    return MENDS.get(lower.replaceFirst("^(?:math|np|numpy|float)\\.", ""));
  }
}
