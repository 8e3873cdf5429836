/// Studies of other tools, brought here and taken there: Optuna, Hyperopt, Ray Tune, MLflow, W&B,
/// and tables.
///
/// What is read becomes [Draft]s first, which know no space; [SpaceGuess] makes a space of what
/// they tried. What Assay has no place for is kept with a trial under the attribute [Origin#KEY],
/// so that it is there again when the study is taken back.
@NullMarked
package dev.assay.exchange;

import org.jspecify.annotations.NullMarked;
