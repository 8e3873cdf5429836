package dev.assay.exchange;

import dev.assay.trial.Objective;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A study of another tool's, as it was read.
///
/// @param tool `optuna`, `hyperopt`, `ray`, `csv`, `wandb`, `mlflow`
/// @param name what it is called there
/// @param objectives in the order of the trials' values
/// @param drafts by number
/// @param facts what is known of the study as a whole, JSON values
/// @param remarks what the user should know about how it was read
record ForeignStudy(
    String tool,
    String name,
    List<Objective> objectives,
    List<Draft> drafts,
    Map<String, @Nullable Object> facts,
    List<String> remarks) {}
