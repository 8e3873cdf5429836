package dev.assay.serve;

import dev.assay.report.StudyView;
import dev.assay.run.control.Mailbox;
import dev.assay.storage.Runner;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One study of a dashboard.
///
/// @param view reads it as it stands now, without disturbing whoever runs it
/// @param runners those who have it open to run it, as the storage has them
/// @param version another number whenever what is stored may have changed; quick
/// @param mailbox where commands go; null: nobody can be told anything
/// @param keeper changes what is stored, and knows its files; null: nothing can be changed
public record DashboardStudy(
    String name,
    Supplier<StudyView> view,
    Supplier<List<Runner>> runners,
    LongSupplier version,
    @Nullable Mailbox mailbox,
    @Nullable StudyKeeper keeper) {
  /// A study whose stored records nobody changes from here.
  public DashboardStudy(
      String name,
      Supplier<StudyView> view,
      Supplier<List<Runner>> runners,
      LongSupplier version,
      @Nullable Mailbox mailbox) {
    this(name, view, runners, version, mailbox, null);
  }
}
