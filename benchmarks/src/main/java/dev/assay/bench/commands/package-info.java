/// What a person waits for: whole commands of the launcher, each a process of its own, from before
/// it is started until it has ended.
@NullMarked
package dev.assay.bench.commands;

import org.jspecify.annotations.NullMarked;
