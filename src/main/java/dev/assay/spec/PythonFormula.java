package dev.assay.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Formulas and constraints as kernel tuners write them, in Python, in the words of a study: `a * b
/// // c` is `floor(a * b / c)`. Everything else stays as it is, also what a study does not know,
/// for its own reader to refuse.
final class PythonFormula {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(//|\\*\\*|<=|>=|==|!=|[A-Za-z_][\\w.]*|[0-9.]+(?:[eE][+-]?[0-9]+)?|\\S)");

  private final List<String> tokens = new ArrayList<>();
  private int at;

  private PythonFormula(String text) {
    var matcher = TOKEN.matcher(text);
    while (matcher.lookingAt()) {
      tokens.add(matcher.group(1));
      matcher.region(matcher.end(), text.length());
    }
  }

  static String translated(String text) {
    return text.contains("//") ? new PythonFormula(text).sequence() : text.strip();
  }

  private String next() {
    return at < tokens.size() ? tokens.get(at) : "";
  }

  /// Products with whatever stands between them, up to a closing bracket.
  private String sequence() {
    var parts = new ArrayList<String>();
    while (at < tokens.size() && !next().equals(")")) {
      var token = next();
      boolean isOperator = token.matches("[-+<>=!,]|<=|>=|==|!=|and|or|not") || token.equals("**");
      parts.add(isOperator ? tokens.get(at++) : product());
    }
    return String.join(" ", parts).replace(" ,", ",");
  }

  private String product() {
    var left = factor();
    while (List.of("*", "/", "%", "//").contains(next())) {
      var operator = tokens.get(at++);
      var right = factor();
      left =
          operator.equals("//")
              ? "floor(" + left + " / " + right + ")"
              : left + " " + operator + " " + right;
    }
    return left;
  }

  private String factor() {
    if (at >= tokens.size()) {
      return "";
    }
    var token = tokens.get(at++);
    boolean called = token.matches("[A-Za-z_].*") && next().equals("(");
    if (!called && !token.equals("(")) {
      return token.equals("-") ? "-" + factor() : token;
    }
    if (called) {
      at++;
    }
    var inner = "(" + sequence() + ")";
    at++;
    return called ? token + inner : inner;
  }
}
