package dev.assay.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An option that a program takes, as far as it is known.
///
/// @param name without dashes
/// @param kind what its value is
/// @param initial its default: a Long, a Double or a text; null: not known
/// @param choices its values; empty: not listed
/// @param low the least value; null: not known
/// @param high the greatest value; null: not known
/// @param help what the program says of it
record ProgramOption(
    String name,
    Kind kind,
    @Nullable Object initial,
    List<Object> choices,
    @Nullable Number low,
    @Nullable Number high,
    boolean required,
    String help) {
  enum Kind {
    WHOLE,
    REAL,
    TEXT,
    SWITCH
  }

  ProgramOption {
    choices = List.copyOf(choices);
  }
}
