package dev.assay.storage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A part of a study's definition that is known in full only to the process that describes it, such
/// as a secret: what is stored of it tells whether it is the same, and nothing more.
public interface Undisclosed {
  /// What is stored in its place.
  ///
  /// @return a JSON value; null: nothing
  @Nullable Object stored();

  /// In which ways a stored definition has something else, one line each, without saying what.
  ///
  /// @param path where it stands in the definition
  /// @param then what is stored there; null: nothing
  List<String> differences(String path, @Nullable Object then);
}
