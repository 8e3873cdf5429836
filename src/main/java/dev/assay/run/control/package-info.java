/// Steering a study from outside: commands in a mailbox beside its storage, and how each process
/// that runs it stands.
@NullMarked
package dev.assay.run.control;

import org.jspecify.annotations.NullMarked;
