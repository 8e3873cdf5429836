package dev.assay.report;

import dev.assay.problem.Problem;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What people wrote down of a study and its trials: facts of the study, one for each note, so that
/// two who write at the same time lose nothing of each other's.
public final class Notes {
  private static final String STUDY = "note";
  private static final String TRIAL = "note of trial ";

  /// In characters: a note is read, not kept as a log.
  private static final int LONGEST = 10_000;

  private Notes() {}

  /// The key of the fact.
  ///
  /// @param trial null: the study's own
  public static String key(@Nullable Integer trial) {
    return trial == null ? STUDY : TRIAL + trial;
  }

  /// @throws Problem for one that nobody would read
  public static String checked(String text) {
    if (text.length() > LONGEST) {
      throw new Problem(
          "The note is too long.",
          text.length() + " characters",
          "Write at most " + LONGEST + "; keep the rest in a file, and its path in the note.");
    }
    return text;
  }

  /// The study's own note; null where there is none.
  public static @Nullable String ofStudy(Map<String, @Nullable Object> facts) {
    return text(facts.get(STUDY));
  }

  /// A trial's note; null where there is none.
  public static @Nullable String ofTrial(Map<String, @Nullable Object> facts, int trial) {
    return text(facts.get(key(trial)));
  }

  /// All notes of trials, by number.
  public static Map<Integer, String> ofTrials(Map<String, @Nullable Object> facts) {
    var notes = new TreeMap<Integer, String>();
    facts.forEach((key, value) -> {
      var note = text(value);
      var number = key.startsWith(TRIAL) ? key.substring(TRIAL.length()) : "";
      if (note != null && number.matches("\\d{1,9}")) {
        notes.put(Integer.valueOf(number), note);
      }
    });
    return notes;
  }

  private static @Nullable String text(@Nullable Object value) {
    return value instanceof String text && !text.isBlank() ? text : null;
  }
}
