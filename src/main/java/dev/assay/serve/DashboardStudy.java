package dev.assay.serve;

import dev.assay.report.StudyView;
import dev.assay.run.Mailbox;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One study of a dashboard.
///
/// @param view reads it as it stands now, without disturbing whoever runs it
/// @param version another number whenever what is stored may have changed; quick
/// @param mailbox where commands go; null: nobody can be told anything
public record DashboardStudy(
    String name, Supplier<StudyView> view, LongSupplier version, @Nullable Mailbox mailbox) {}
