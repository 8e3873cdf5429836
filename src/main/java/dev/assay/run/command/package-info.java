/// External trials: a program of the user's, started for each trial with its parameters, whose
/// values are read from what it prints or writes.
@NullMarked
package dev.assay.run.command;

import org.jspecify.annotations.NullMarked;
