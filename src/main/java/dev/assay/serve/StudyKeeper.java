package dev.assay.serve;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What people do to a stored study as a whole and to its records, whether somebody runs it or not.
/// Every change throws [dev.assay.problem.Problem] where it cannot be made.
public interface StudyKeeper {
  /// Where its external trials have their directories, `NUMBER/` each; need not exist.
  Path trials();

  /// Writes a note in place of the one before.
  ///
  /// @param trial that it is on; null: on the study
  /// @param text empty: there is none from now on
  void note(@Nullable Integer trial, String text);

  /// Marks a trial that has ended as discarded, or takes that back; those who run the study are
  /// told.
  void discard(int trial, boolean discarded);

  /// Gives it another name, its files too. Refused while somebody runs it.
  void rename(String name);

  /// Removes it for good, its files too. Refused while somebody runs it.
  void delete();
}
