package dev.assay.run.command;

import java.util.function.BooleanSupplier;

/// Bounds what matching regexes may cost, so that a trial's time-out, pruning and end go on
/// whatever the regex and the line are. What counts is how often the regex looks at a character:
/// the same on every machine.
final class MatchEffort {
  /// Looks at a line, for each of its characters.
  private static final long PER_CHARACTER = 1_000;

  /// Further looks, for all lines of a try together.
  private static final long SHARED = 5_000_000;

  /// Looks between two questions whether matching is still of use.
  private static final long TURN = 1 << 16;

  private final BooleanSupplier over;
  private long shared = SHARED;
  private long left;
  private long turn;

  /// The regex looked at the line too often, or nobody waits for its match any more.
  static final class Exhausted extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean over;

    Exhausted(boolean over) {
      super("matching takes too long", null, false, false);
      this.over = over;
    }

    /// Whether nobody waits any more.
    boolean isOver() {
      return over;
    }
  }

  /// @param over whether the trial is to end, whatever its lines hold
  MatchEffort(BooleanSupplier over) {
    this.over = over;
  }

  /// A line comes.
  void begin(String line) {
    left = PER_CHARACTER * line.length();
    turn = 0;
  }

  /// A text made of the line, to be matched: it throws [Exhausted] when that takes too long.
  CharSequence watch(String text) {
    return new Watched(text);
  }

  private void nextTurn() {
    if (over.getAsBoolean()) {
      throw new Exhausted(true);
    }
    turn = TURN;
    left -= TURN;
    if (left < 0) {
      shared -= TURN;
      if (shared < 0) {
        throw new Exhausted(false);
      }
    }
  }

  private final class Watched implements CharSequence {
    private final String text;

    Watched(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (--turn < 0) {
        nextTurn();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
