package dev.assay.track;

import dev.assay.space.SearchSpace;
import dev.assay.trial.Objective;
import java.util.List;

/// What a tracker needs to know of a study.
///
/// @param id of this study and no other, whatever its name: one that begins anew has another
public record TrackedStudy(String name, String id, SearchSpace space, List<Objective> objectives) {
  public TrackedStudy {
    objectives = List.copyOf(objectives);
  }
}
