package dev.assay.run.command;

import org.jspecify.annotations.Nullable;

/// Finds one metric's numbers in lines.
interface LineReader {
  /// Takes what was found, in the order in which it stands there.
  interface Found {
    /// A number of the metric.
    ///
    /// @param step how far the program is; null: not said
    /// @param value not finite where the line says so
    void number(@Nullable Long step, double value);

    /// Something that a person should know.
    void remark(String what);

    /// The metric stands there, but as no number that can be read: what was found before is no
    /// longer its value.
    void unreadable(String why);
  }

  /// @param line as the program printed it
  void read(String line, Found found);
}
