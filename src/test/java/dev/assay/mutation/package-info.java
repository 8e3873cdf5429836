/// How many small changes of the code the tests notice: a mutation score. Not part of the build;
/// its command stands in CONTRIBUTING.md.
///
/// [MutationScore] draws changes, [Mutants] makes them in the classes' bytes, [MutantRun] is a
/// process that runs the tests which reach what was changed.
@NullMarked
package dev.assay.mutation;

import org.jspecify.annotations.NullMarked;
