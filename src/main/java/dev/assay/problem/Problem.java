package dev.assay.problem;

import dev.assay.internal.words.Passwords;
import org.jspecify.annotations.Nullable;

/// The one error that users see, in three parts: what is wrong, the value and its place, the mend.
/// Passwords in URLs are in none of them.
///
/// ```
/// what   Parameter tile: low must not exceed high.
/// value  low 128, high 16 (study.yaml, line 7, space.tile)
/// mend   Maybe swap the bounds.
/// ```
public class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String what;
  private final String value;
  private final String mend;

  /// @param what what is wrong, one sentence
  /// @param value the offending value and where it stands (file, line, key)
  /// @param mend what to do about it, one sentence
  public Problem(String what, String value, String mend) {
    this(what, value, mend, null);
  }

  /// As [#Problem(String, String, String)], with the cause kept for the log.
  public Problem(String what, String value, String mend, @Nullable Throwable cause) {
    super(Passwords.masked(what + " " + value + " " + mend), cause);
    this.what = what;
    this.value = Passwords.masked(value);
    this.mend = Passwords.masked(mend);
  }

  public String what() {
    return what;
  }

  public String value() {
    return value;
  }

  public String mend() {
    return mend;
  }

  /// The same problem with its place known better: `place` is appended to the value in parentheses.
  public Problem at(String place) {
    return new Problem(what, value + " (" + place + ")", mend, this);
  }
}
