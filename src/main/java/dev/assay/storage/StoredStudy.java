package dev.assay.storage;

import dev.assay.space.SearchSpace;
import dev.assay.trial.Direction;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a storage keeps of one study, for reading. Thread-safe. Several may read while one writes:
/// each call sees what was written before it.
public interface StoredStudy extends AutoCloseable {
  StudyDefinition definition();

  /// Hands over every trial, finished ones first and in the order in which they ended, then the
  /// others by number.
  ///
  /// @param space the space to read configurations in
  /// @throws dev.assay.problem.Problem when a stored trial is none of that space
  void load(SearchSpace space, Consumer<TrialRecord> consumer);

  /// Hands over trials by number, one after the other, for as long as the answer is true: whoever
  /// keeps none of them needs no memory for them. What is begun meanwhile may be among them.
  ///
  /// @throws dev.assay.problem.Problem as [#load]
  default void each(SearchSpace space, Predicate<TrialRecord> reader) {
    var trials = new ArrayList<TrialRecord>();
    load(space, trials::add);
    trials.sort(Comparator.comparingInt(TrialRecord::number));
    for (var trial : trials) {
      if (!reader.test(trial)) {
        return;
      }
    }
  }

  /// As [#each], for whoever prints trials: numbers that stand in the storage as they are printed
  /// need not be made text anew.
  default void print(SearchSpace space, Printer printer) {
    each(space, trial -> printer.print(trial, Numbers.NONE));
  }

  /// Some trials as they are now: those of given numbers, and all from a number on; by number.
  default List<TrialRecord> some(SearchSpace space, Set<Integer> numbers, int from) {
    var some = new ArrayList<TrialRecord>();
    each(
        space,
        trial -> {
          if (trial.number() >= from || numbers.contains(trial.number())) {
            some.add(trial);
          }
          return true;
        });
    return some;
  }

  /// What a study of one objective and no bounds on outcomes comes to, where that can be told
  /// without reading all of its trials.
  ///
  /// @param fewest complete trials, below which all are to be read
  /// @return empty where all trials are to be read
  default Optional<Sketch> sketch(SearchSpace space, Direction direction, int fewest) {
    return Optional.empty();
  }

  /// Whether several runs of one configuration may be complete, in one trial or in several.
  default boolean mayRepeat() {
    return true;
  }

  /// The best complete trials by the first objective of a study without bounds on outcomes, where
  /// they can be told without reading all.
  ///
  /// @param direction of that objective
  /// @param most how many are wanted, at least 1
  /// @return by number, these and perhaps some more that are about as good as the last of them;
  ///   empty where all trials are to be read
  default Optional<List<TrialRecord>> top(SearchSpace space, Direction direction, int most) {
    return Optional.empty();
  }

  /// What the trials' attributes and notes are called, without the trials.
  default TrialKeys keys(SearchSpace space) {
    var keys = TrialKeys.none();
    each(
        space,
        trial -> {
          keys.attributes().addAll(trial.attributes().keySet());
          keys.notes().addAll(trial.notes().keySet());
          return true;
        });
    return keys;
  }

  /// Facts about the study as a whole, by key: provenance, time spent. A copy.
  Map<String, @Nullable Object> facts();

  /// Those who have the study open to run it, and those who are gone and were not missed yet; the
  /// oldest first. None where a storage keeps no account.
  default List<Runner> runners() {
    return List.of();
  }

  /// Ends the use; a second call does nothing.
  @Override
  void close();

  /// A study of many trials, as far as its best trial and its counts tell of it.
  ///
  /// @param trials by number: the best by the one objective (with those as good), those that have
  ///   notes, failed, or have not ended
  /// @param counts of all trials, by state
  /// @param lastMillis when something happened last, milliseconds since 1970; 0: never
  record Sketch(List<TrialRecord> trials, Map<TrialState, Integer> counts, double lastMillis) {}

  /// The names of what a study's trials have, each once, in the order in which trials by number
  /// have them first.
  ///
  /// @param attributes what objectives attached
  /// @param notes what samplers want to find again
  record TrialKeys(Set<String> attributes, Set<String> notes) {
    /// Sets to be filled.
    public static TrialKeys none() {
      return new TrialKeys(new LinkedHashSet<>(), new LinkedHashSet<>());
    }
  }

  /// Gets trials one after the other.
  interface Printer {
    /// @param numbers those of the trial's parameters
    /// @return whether it wants more
    boolean print(TrialRecord trial, Numbers numbers);
  }

  /// Numbers of a trial's parameters as they stand in the storage, as far as that is just what is
  /// printed for them: an integer's digits, and what [Double#toString] makes of another's value.
  interface Numbers {
    /// Nothing is known.
    Numbers NONE =
        new Numbers() {
          @Override
          public byte[] text() {
            return new byte[0];
          }

          @Override
          public int start(int parameter) {
            return 0;
          }

          @Override
          public int end(int parameter) {
            return 0;
          }
        };

    /// In which they stand, as ASCII where they do.
    byte[] text();

    /// Where a parameter's number begins.
    int start(int parameter);

    /// Behind a parameter's number; as [#start] where it is not known how it is printed.
    int end(int parameter);
  }
}
