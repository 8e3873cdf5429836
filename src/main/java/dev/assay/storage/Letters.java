package dev.assay.storage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Short texts that are left with a stored study for those who run it, wherever they are. One stays
/// for everybody to read until it is removed; one that only one process may act on is claimed.
/// Thread-safe.
///
/// Every operation throws [dev.assay.problem.Problem] when the medium fails.
public interface Letters {
  /// Leaves a text, behind all that are there.
  void send(String text);

  /// The names of those that are there, the oldest first.
  List<String> names();

  /// The names of those that somebody claimed and has not acted on.
  List<String> claimed();

  /// The text of a name; null where it is gone.
  @Nullable String read(String name);

  /// Claims a letter: [#names] has it no more.
  ///
  /// @param by who does
  /// @return its name from now on; null where somebody else was faster
  @Nullable String claim(String name, String by);

  /// Puts a claimed letter back, for anybody.
  void putBack(String claimed);

  /// Removes a letter, if it is still there.
  void remove(String name);
}
