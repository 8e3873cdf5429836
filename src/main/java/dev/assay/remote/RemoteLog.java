package dev.assay.remote;

import dev.assay.internal.opening.Unlogged;
import dev.assay.problem.Problem;
import dev.assay.storage.StudyDefinition;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// The log of a study that another process owns, which keeps it: nothing is kept here.
final class RemoteLog extends Unlogged {
  private final List<Consumer<Problem>> losses = new CopyOnWriteArrayList<>();

  RemoteLog(StudyDefinition definition) {
    super(definition);
  }

  /// The owner is gone for good.
  void lose(Problem problem) {
    losses.forEach(listener -> listener.accept(problem));
  }

  @Override
  public void whenLost(Consumer<Problem> listener) {
    losses.add(listener);
  }

  @Override
  public boolean begin(TrialRecord trial) {
    throw elsewhere();
  }

  @Override
  public void report(int trial, Report report) {
    throw elsewhere();
  }

  @Override
  public boolean end(TrialRecord trial) {
    throw elsewhere();
  }

  @Override
  public void define(StudyDefinition newDefinition) {
    throw elsewhere();
  }

  private static IllegalStateException elsewhere() {
    return new IllegalStateException("the study's owner keeps it");
  }
}
