package dev.assay.serve;

import dev.assay.report.ReportData;
import dev.assay.run.control.Mailbox;
import dev.assay.storage.Runner;
import dev.assay.trial.TrialRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One study of a dashboard.
///
/// @param source reads it as it stands now, without disturbing whoever runs it
/// @param trial reads the one of a number, where there are too many to keep them
/// @param runners those who have it open to run it, as the storage has them
/// @param version another number whenever what is stored may have changed; quick
/// @param mailbox where commands go; null: nobody can be told anything
/// @param keeper changes what is stored, and knows its files; null: nothing can be changed
public record DashboardStudy(
    String name,
    Supplier<ReportData.Source> source,
    IntFunction<Optional<TrialRecord>> trial,
    Supplier<List<Runner>> runners,
    LongSupplier version,
    @Nullable Mailbox mailbox,
    @Nullable StudyKeeper keeper) {
  /// A study whose stored records nobody changes from here, and whose trials are all in memory.
  public DashboardStudy(
      String name,
      Supplier<ReportData.Source> source,
      Supplier<List<Runner>> runners,
      LongSupplier version,
      @Nullable Mailbox mailbox) {
    this(name, source, _ -> Optional.empty(), runners, version, mailbox, null);
  }
}
