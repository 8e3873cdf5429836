package dev.assay.internal.free;

import dev.assay.random.Purpose;
import dev.assay.space.Configuration;
import dev.assay.space.Distribution;
import dev.assay.space.Parameter;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Proposes for objectives that ask for parameters while they run: lets a sampler search each group
/// of parameters that trials so far asked for together or not at all, as if it were a space of its
/// own. What no trial asked for yet is not proposed.
///
/// With groups every trial that a group's sampler sees has all of its parameters, whatever else the
/// trial asked for. The memo: the groups and their trials, which follow from the history.
public final class GroupProposer implements Sampler.Proposer {
  /// The note that has the notes of each group's sampler.
  private static final String GROUPS = "groups";

  /// The note that has the proposed values, where a batch rule keeps a trial that ended from view:
  /// until then others see what was proposed.
  static final String PROPOSED = "proposed";

  private final Sampler sampler;
  private final SearchTask task;
  private final Map<String, Distribution> distributions = new LinkedHashMap<>();
  private List<Set<String>> partition = List.of();
  private Map<Set<String>, Group> groups = new LinkedHashMap<>();
  private int seen;

  public GroupProposer(Sampler sampler, SearchTask task) {
    this.sampler = sampler;
    this.task = task;
  }

  @Override
  public Proposal propose(int trial, History history) {
    if (history.size() < seen) {
      forget();
    }
    advance(history);
    var parameters = new ArrayList<Parameter>();
    var values = new LinkedHashMap<String, @Nullable Object>();
    var notes = new LinkedHashMap<String, @Nullable Object>();
    for (var group : groups.values()) {
      var proposal = group.propose(trial, history);
      parameters.addAll(group.space.parameters());
      values.putAll(proposal.configuration().values());
      if (!proposal.notes().isEmpty()) {
        notes.put(group.name, proposal.notes());
      }
    }
    var all = new LinkedHashMap<String, @Nullable Object>();
    if (!notes.isEmpty()) {
      all.put(GROUPS, notes);
    }
    if (task.batch() > 0 && !values.isEmpty()) {
      all.put(PROPOSED, values);
    }
    return new Proposal(SearchSpace.open(parameters).read(values), all);
  }

  private void advance(History history) {
    var finer = partition;
    for (int i = seen; i < history.size(); i++) {
      var trial = history.get(i);
      // One that failed may not have come to all of its parameters.
      if (trial.state() != TrialState.FAILED) {
        finer = split(finer, names(trial));
      }
    }
    if (!finer.equals(partition)) {
      regroup(finer, history);
      partition = finer;
    }
    for (; seen < history.size(); seen++) {
      for (var group : groups.values()) {
        group.add(history.get(seen));
      }
    }
  }

  private Set<String> names(TrialRecord trial) {
    var configuration = trial.configuration();
    // Sorted: in which order a trial asked must not matter.
    var names = new TreeSet<String>();
    var parameters = configuration.space().parameters();
    for (int i = 0; i < parameters.size(); i++) {
      if (configuration.isActive(i)) {
        names.add(parameters.get(i).name());
        distributions.putIfAbsent(parameters.get(i).name(), parameters.get(i).distribution());
      }
    }
    return names;
  }

  /// The partition in which no set is partly in `names`.
  private static List<Set<String>> split(List<Set<String>> partition, Set<String> names) {
    var finer = new ArrayList<Set<String>>();
    var rest = new TreeSet<>(names);
    for (var set : partition) {
      var inside = new TreeSet<>(set);
      inside.retainAll(names);
      var outside = new TreeSet<>(set);
      outside.removeAll(names);
      rest.removeAll(set);
      for (var part : List.of(inside, outside)) {
        if (!part.isEmpty()) {
          finer.add(part);
        }
      }
    }
    if (!rest.isEmpty()) {
      finer.add(rest);
    }
    return finer;
  }

  private void regroup(List<Set<String>> finer, History history) {
    var kept = new LinkedHashMap<Set<String>, Group>();
    for (var names : finer) {
      var group = groups.remove(names);
      if (group == null) {
        group = new Group(names);
        for (int i = 0; i < seen; i++) {
          group.add(history.get(i));
        }
      }
      kept.put(names, group);
    }
    groups.values().forEach(Group::close);
    groups = kept;
  }

  private void forget() {
    close();
    groups = new LinkedHashMap<>();
    partition = List.of();
    seen = 0;
  }

  @Override
  public void close() {
    groups.values().forEach(Group::close);
  }

  /// Parameters that are searched together.
  private final class Group {
    private final Set<String> names;
    final String name;
    final SearchSpace space;
    private final SearchTask own;
    private final Sampler.Proposer proposer;
    private final List<TrialRecord> finished = new ArrayList<>();

    Group(Set<String> names) {
      this.names = names;
      name = String.join(", ", names);
      var builder = SearchSpace.builder();
      for (var each : names) {
        builder.add(each, java.util.Objects.requireNonNull(distributions.get(each)));
      }
      space = builder.build();
      own =
          new SearchTask(
              space,
              task.objectives(),
              task.constraints(),
              task.streams().branch(name),
              task.batch());
      proposer = sampler.open(own);
    }

    private @Nullable Configuration project(Configuration configuration) {
      return configuration.values().keySet().containsAll(names)
          ? space.project(configuration)
          : null;
    }

    void add(TrialRecord trial) {
      var configuration = project(trial.configuration());
      if (configuration != null) {
        finished.add(trial.with(configuration).noted(notes(trial)));
      }
    }

    @SuppressWarnings("unchecked")
    private Map<String, @Nullable Object> notes(TrialRecord trial) {
      return trial.notes().get(GROUPS) instanceof Map<?, ?> groups
              && groups.get(name) instanceof Map<?, ?> notes
          ? (Map<String, @Nullable Object>) notes
          : Map.of();
    }

    Proposal propose(int trial, History whole) {
      var pending = new ArrayList<History.Pending>();
      for (var other : whole.pending()) {
        var configuration = project(other.configuration());
        if (configuration != null) {
          pending.add(new History.Pending(other.number(), configuration, other.reports()));
        }
      }
      // Nothing is taken: the other groups may make a repetition here another configuration.
      var history =
          new History(finished.toArray(new TrialRecord[0]), 0, finished.size(), pending, _ -> false)
              .under(whole, trial);
      var proposal = proposer.propose(trial, history);
      return proposal != null
          ? proposal
          : new Proposal(space.draw(own.streams().stream(trial, Purpose.PROPOSAL)));
    }

    void close() {
      proposer.close();
    }
  }
}
