/// The study file: YAML or JSON to objects, with a place for every error.
///
/// Reading has three steps: text to a tree of [dev.assay.spec.Node]s that know where they stand,
/// `--set` applied to that tree, tree to a [dev.assay.spec.StudyFile]. The keys are listed once, in
/// `Section`. `Assembly` makes of the file what can be run.
@NullMarked
package dev.assay.spec;

import org.jspecify.annotations.NullMarked;
