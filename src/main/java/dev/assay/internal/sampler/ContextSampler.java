package dev.assay.internal.sampler;

import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.NothingFound;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.StopReason;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Searches for the best under each value of parameters that are given and not chosen, such as a
/// size: trial t is of context t mod C, and each context has a search of its own, which sees the
/// trials of that context.
///
/// @param inner the sampler of each context
/// @param names of the parameters that are given: choices
public record ContextSampler(Sampler inner, List<String> names) implements Sampler {
  public ContextSampler {
    names = List.copyOf(names);
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public Map<String, @Nullable Object> settings() {
    var settings = new LinkedHashMap<String, @Nullable Object>(inner.settings());
    settings.put("context", names);
    return settings;
  }

  @Override
  public Proposer open(SearchTask task) {
    var searches = new ArrayList<Search>();
    for (var values : contexts(task.space(), names)) {
      searches.add(new Search(task, values, inner));
    }
    return new Rotation(searches);
  }

  /// Every combination of the values of these parameters, the first one's changing most slowly.
  static List<Map<String, @Nullable Object>> contexts(SearchSpace space, List<String> names) {
    var all = new ArrayList<Map<String, @Nullable Object>>();
    all.add(Map.of());
    for (var name : names) {
      var longer = new ArrayList<Map<String, @Nullable Object>>();
      var distribution = space.parameters().get(space.requireIndex(name)).distribution();
      if (!(distribution instanceof Choice(var options, _))) {
        throw new IllegalArgumentException(name + " is no choice");
      }
      for (var shorter : all) {
        for (var option : options) {
          var values = new LinkedHashMap<String, @Nullable Object>(shorter);
          values.put(name, option);
          longer.add(values);
        }
      }
      all = longer;
    }
    return all;
  }

  /// The search of one context.
  private static final class Search {
    final SearchSpace whole;
    final SearchSpace part;
    final Map<String, @Nullable Object> values;
    final Proposer proposer;

    Search(SearchTask task, Map<String, @Nullable Object> values, Sampler sampler) {
      whole = task.space();
      part = whole.fix(values);
      this.values = values;
      proposer =
          sampler.open(
              new SearchTask(
                  part,
                  task.objectives(),
                  task.constraints(),
                  task.streams().branch("context " + values),
                  task.batch()));
    }

    private boolean has(Configuration configuration) {
      return values.entrySet().stream()
          .allMatch(e -> Objects.equals(configuration.get(e.getKey()), e.getValue()));
    }

    /// What this search knows. Its trials are counted from 0, as those of a study of their own.
    ///
    /// @param next the trial that is to be proposed, among all
    History of(int next, History history) {
      var numbers = new TreeSet<Integer>();
      history.finished().stream()
          .filter(trial -> trial.number() >= 0 && has(trial.configuration()))
          .forEach(trial -> numbers.add(trial.number()));
      history.pending().stream()
          .filter(pending -> has(pending.configuration()))
          .forEach(pending -> numbers.add(pending.number()));
      var finished = new ArrayList<TrialRecord>();
      for (var trial : history.finished()) {
        var own = own(trial.configuration());
        if (own != null) {
          finished.add(trial.with(own).numbered(rank(numbers, trial.number())));
        }
      }
      var pending = new ArrayList<History.Pending>();
      for (var each : history.pending()) {
        var own = own(each.configuration());
        if (own != null) {
          pending.add(new History.Pending(rank(numbers, each.number()), own, each.reports()));
        }
      }
      return new History(
              finished.toArray(new TrialRecord[0]),
              0,
              finished.size(),
              pending,
              configuration -> {
                var inWhole = whole.project(configuration);
                return inWhole != null && history.contains(inWhole);
              })
          .under(history, next);
    }

    /// A configuration of this context as one of its space; null for one of another.
    private @Nullable Configuration own(Configuration configuration) {
      return has(configuration) ? part.project(configuration) : null;
    }

    /// Trials of earlier studies keep their numbers, which are below 0.
    private static int rank(TreeSet<Integer> numbers, int number) {
      return number < 0 ? number : numbers.headSet(number).size();
    }

    @Nullable Proposal propose(int next, History history) {
      var own = of(next, history);
      int number = (int) own.finished().stream().filter(trial -> trial.number() >= 0).count();
      var proposal = proposer.propose(number + own.pending().size(), own);
      var inWhole = proposal == null ? null : whole.project(proposal.configuration());
      return proposal == null || inWhole == null ? null : new Proposal(inWhole, proposal.notes());
    }
  }

  /// One context after the other; those that are exhausted are left out.
  private record Rotation(List<Search> searches) implements Proposer {
    @Override
    public @Nullable Proposal propose(int trial, History history) {
      NothingFound nothing = null;
      for (int i = 0; i < searches.size(); i++) {
        try {
          var proposal = searches.get((trial + i) % searches.size()).propose(trial, history);
          if (proposal != null) {
            return proposal;
          }
        } catch (NothingFound e) {
          nothing = e;
        }
      }
      if (nothing != null) {
        throw nothing;
      }
      return null;
    }

    @Override
    public StopReason exhaustion() {
      return searches.getFirst().proposer.exhaustion();
    }

    @Override
    public void close() {
      searches.forEach(search -> search.proposer.close());
    }
  }
}
