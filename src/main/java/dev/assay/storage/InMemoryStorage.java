package dev.assay.storage;

import dev.assay.internal.problem.StorageProblems;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keeps studies in this process's memory, for as long as the storage lives.
public final class InMemoryStorage implements Storage {
  private final Map<String, Kept> studies = new TreeMap<>();

  /// What is kept of one study; guarded by itself.
  private static final class Kept {
    StudyDefinition definition;
    final TreeMap<Integer, TrialRecord> open = new TreeMap<>();

    /// In the order in which they ended.
    final Map<Integer, TrialRecord> ended = new LinkedHashMap<>();

    final Map<Integer, List<Report>> reports = new HashMap<>();
    final Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    boolean claimed;

    Kept(StudyDefinition definition) {
      this.definition = definition;
    }

    List<TrialRecord> inOrder() {
      var all = new ArrayList<TrialRecord>(ended.size() + open.size());
      all.addAll(ended.values());
      all.addAll(open.values());
      all.replaceAll(trial -> trial.withReports(reports.getOrDefault(trial.number(), List.of())));
      return all;
    }
  }

  @Override
  public synchronized List<String> names() {
    return List.copyOf(studies.keySet());
  }

  @Override
  public synchronized Optional<StoredStudy> read(String name) {
    return Optional.ofNullable(studies.get(name)).map(Reader::new);
  }

  @Override
  public synchronized Optional<StudyLog> open(String name) {
    return Optional.ofNullable(studies.get(name))
        .map(kept -> {
          requireUnclaimed(name, kept);
          return new Log(kept);
        });
  }

  @Override
  public synchronized StudyLog create(StudyDefinition definition) {
    requireFree(definition.name());
    var kept = new Kept(definition);
    studies.put(definition.name(), kept);
    return new Log(kept);
  }

  @Override
  public synchronized void rename(String name, String newName) {
    var kept = kept(name);
    requireUnclaimed(name, kept);
    requireFree(newName);
    studies.remove(name);
    synchronized (kept) {
      kept.definition = kept.definition.renamed(newName);
    }
    studies.put(newName, kept);
  }

  @Override
  public synchronized void replace(String name, String aside, String successor) {
    requireUnclaimed(name, kept(name));
    requireUnclaimed(successor, kept(successor));
    requireFree(aside);
    rename(name, aside);
    rename(successor, name);
  }

  @Override
  public synchronized void delete(String name) {
    requireUnclaimed(name, kept(name));
    studies.remove(name);
  }

  @Override
  public synchronized void putFact(String name, String key, Object value) {
    var kept = kept(name);
    synchronized (kept) {
      kept.facts.put(key, value);
    }
  }

  @Override
  public synchronized void discard(String name, int trial, boolean discarded) {
    var kept = kept(name);
    synchronized (kept) {
      var changed = kept.ended.computeIfPresent(trial, (_, ended) -> ended.discarded(discarded));
      if (changed == null) {
        throw StorageProblems.notEnded(name, trial);
      }
    }
  }

  private Kept kept(String name) {
    var kept = studies.get(name);
    if (kept == null) {
      throw StorageProblems.absent(name, names());
    }
    return kept;
  }

  private void requireFree(String name) {
    if (studies.containsKey(name)) {
      throw StorageProblems.taken(name);
    }
  }

  private static void requireUnclaimed(String name, Kept kept) {
    synchronized (kept) {
      if (kept.claimed) {
        throw StorageProblems.claimed(name, ProcessHandle.current().pid());
      }
    }
  }

  @Override
  public void close() {}

  private static class Reader implements StoredStudy {
    final Kept kept;

    Reader(Kept kept) {
      this.kept = kept;
    }

    @Override
    public StudyDefinition definition() {
      synchronized (kept) {
        return kept.definition;
      }
    }

    @Override
    public void load(SearchSpace space, Consumer<TrialRecord> consumer) {
      List<TrialRecord> trials;
      synchronized (kept) {
        trials = kept.inOrder();
      }
      for (var trial : trials) {
        consumer.accept(trial.configuration().space().equals(space) ? trial : trial.in(space));
      }
    }

    @Override
    public Map<String, @Nullable Object> facts() {
      synchronized (kept) {
        return new LinkedHashMap<>(kept.facts);
      }
    }

    @Override
    public void close() {}
  }

  private static final class Log extends Reader implements StudyLog {
    private boolean closed;

    Log(Kept kept) {
      super(kept);
      synchronized (kept) {
        kept.claimed = true;
      }
    }

    @Override
    public boolean begin(TrialRecord trial) {
      synchronized (kept) {
        requireOpen();
        kept.reports.remove(trial.number());
        kept.ended.remove(trial.number());
        kept.open.put(trial.number(), trial);
        return true;
      }
    }

    /// Nobody else can have it open: what runs was left by an earlier log.
    @Override
    public List<Integer> reclaim(int restarts) {
      synchronized (kept) {
        requireOpen();
        var reclaimed = new ArrayList<Integer>();
        for (var trial : List.copyOf(kept.open.values())) {
          if (trial.state() == TrialState.RUNNING) {
            reclaimed.add(trial.number());
            if (trial.restarts() < restarts) {
              begin(trial.interrupted());
            } else {
              end(trial.lost());
            }
          }
        }
        return reclaimed;
      }
    }

    @Override
    public boolean changed() {
      return false;
    }

    @Override
    public void follow(
        SearchSpace space, Collection<Integer> open, int next, Consumer<TrialRecord> consumer) {}

    @Override
    public void report(int trial, Report report) {
      synchronized (kept) {
        requireOpen();
        kept.reports.computeIfAbsent(trial, _ -> new ArrayList<>()).add(report);
      }
    }

    @Override
    public boolean end(TrialRecord trial) {
      synchronized (kept) {
        requireOpen();
        if (kept.open.remove(trial.number()) == null) {
          throw StorageProblems.notBegun(trial.number());
        }
        kept.ended.put(trial.number(), trial);
        return true;
      }
    }

    @Override
    public void define(StudyDefinition definition) {
      synchronized (kept) {
        requireOpen();
        kept.definition = definition;
      }
    }

    @Override
    public void putFact(String key, Object value) {
      synchronized (kept) {
        requireOpen();
        kept.facts.put(key, value);
      }
    }

    private void requireOpen() {
      if (closed) {
        throw StorageProblems.closed(kept.definition.name());
      }
    }

    @Override
    public void close() {
      synchronized (kept) {
        if (!closed) {
          closed = true;
          kept.claimed = false;
        }
      }
    }
  }
}
