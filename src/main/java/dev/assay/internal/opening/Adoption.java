package dev.assay.internal.opening;

import dev.assay.internal.storage.StudyFacts;
import dev.assay.problem.Problem;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StoredStudy;
import dev.assay.storage.StudyDefinition;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A study that was imported from another tool has trials, but nobody said yet how to go on with
/// it: the first who does gives it its definition. Its space need not be that which was guessed
/// from the trials, as long as every trial is one of it.
public final class Adoption {
  /// The key of a definition that is still to be replaced.
  public static final String IMPORTED = "imported";

  private Adoption() {}

  public static boolean awaits(StudyDefinition definition) {
    return definition.content().containsKey(IMPORTED);
  }

  /// @param space of the definition that is to be the study's
  /// @throws Problem when the trials are none of that space, or have other objectives
  public static void require(StoredStudy imported, StudyDefinition now, SearchSpace space) {
    var then = imported.definition();
    if (!directions(then).equals(directions(now))) {
      throw new Problem(
          "The imported study has other objectives.",
          now.name()
              + ": "
              + then.content().get("objectives")
              + " there, "
              + now.content().get("objectives")
              + " here",
          "Keep their number and directions; their names may change.");
    }
    var was = StudyFacts.space(then, imported.facts());
    var trials = new ArrayList<TrialRecord>();
    imported.load(was, trials::add);
    for (var trial : trials) {
      requireFit(trial, space, now.name());
    }
  }

  private static void requireFit(TrialRecord trial, SearchSpace space, String name) {
    var values = trial.configuration().values();
    var place = "trial " + trial.number() + " of " + name + ": " + values;
    Map<String, @Nullable Object> read;
    try {
      read = space.read(values).values();
    } catch (Problem problem) {
      throw new Problem(
          "A trial of the imported study does not fit into the space.",
          problem.value() + " (" + place + ")",
          problem.mend() + " Or change the space so that it has the value.");
    }
    if (!space.isOpen() && !read.keySet().equals(values.keySet())) {
      var more = new ArrayList<>(read.keySet());
      more.removeAll(values.keySet());
      throw new Problem(
          "A trial of the imported study has no value for a parameter.",
          String.join(", ", more) + " (" + place + ")",
          "Leave the parameter out of the space, or make it conditional: when.");
    }
  }

  private static List<Object> directions(StudyDefinition definition) {
    var directions = new ArrayList<Object>();
    if (definition.content().get("objectives") instanceof List<?> objectives) {
      for (var objective : objectives) {
        if (objective instanceof Map<?, ?> map) {
          directions.add(String.valueOf(map.get("direction")));
        }
      }
    }
    return directions;
  }
}
