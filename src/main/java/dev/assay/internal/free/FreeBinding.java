package dev.assay.internal.free;

import dev.assay.problem.Problem;
import dev.assay.random.Purpose;
import dev.assay.random.Streams;
import dev.assay.space.Configuration;
import dev.assay.space.Distribution;
import dev.assay.space.Parameter;
import dev.assay.space.SearchSpace;
import dev.assay.study.free.FreeConfiguration;
import dev.assay.trial.Proposal;
import dev.assay.trial.SearchTask;
import dev.assay.trial.TrialRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Configurations that objectives make while they run. Knows every parameter that a trial of the
/// study ever asked for. Thread-safe.
public final class FreeBinding implements Binding<FreeConfiguration>, FreeConfiguration.Parameters {
  private final Streams streams;
  private final Map<String, Distribution> known = new LinkedHashMap<>();
  private SearchSpace space;

  public FreeBinding(SearchTask task) {
    streams = task.streams();
    space = task.space();
    space.parameters().forEach(parameter -> known.put(parameter.name(), parameter.distribution()));
  }

  @Override
  public FreeConfiguration configuration(TrialRecord trial) {
    return new FreeConfiguration(this, trial);
  }

  @Override
  public FreeConfiguration asking(TrialRecord trial) {
    return configuration(trial);
  }

  @Override
  public Map<String, @Nullable Object> values(FreeConfiguration configuration) {
    return configuration.asked().values();
  }

  @Override
  public Configuration used(TrialRecord trial, @Nullable FreeConfiguration configuration) {
    return configuration == null ? trial.configuration() : configuration.asked();
  }

  @Override
  @SuppressWarnings("unchecked")
  public Configuration proposed(TrialRecord trial, SearchSpace opened) {
    if (!trial.state().isFinished()) {
      return trial.configuration();
    }
    return trial.notes().get(GroupProposer.PROPOSED) instanceof Map<?, ?> values
        ? opened.read((Map<String, @Nullable Object>) values)
        : opened.read(Map.of());
  }

  @Override
  public Proposal enqueued(SearchSpace unused, Map<String, ? extends @Nullable Object> values) {
    return new Proposal(
        SearchSpace.open(List.of()).read(Map.of()),
        Map.of(FreeConfiguration.START, new LinkedHashMap<>(values)));
  }

  /// Every parameter that was asked for so far.
  @Override
  public synchronized SearchSpace space(SearchSpace opened) {
    if (space.dimension() < known.size()) {
      space =
          SearchSpace.open(
              known.entrySet().stream()
                  .map(entry -> new Parameter(entry.getKey(), entry.getValue()))
                  .toList());
    }
    return space;
  }

  @Override
  public synchronized void register(String name, Distribution distribution) {
    var earlier = known.putIfAbsent(name, distribution);
    if (earlier != null && !earlier.equals(distribution)) {
      throw new Problem(
          "A parameter is asked for with another distribution than before.",
          name + ": " + earlier.describe() + " before, " + distribution.describe() + " now",
          "Give it another name, or ask for the same each time.");
    }
  }

  @Override
  public double draw(int trial, String name) {
    return streams.branch(name).stream(trial, Purpose.PROPOSAL).nextDouble();
  }
}
