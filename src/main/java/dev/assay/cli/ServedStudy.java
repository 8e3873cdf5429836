package dev.assay.cli;

import dev.assay.device.BackendSelector;
import dev.assay.internal.sampler.population.PbtSampler;
import dev.assay.problem.Problem;
import dev.assay.remote.Crew;
import dev.assay.remote.CrewHandler;
import dev.assay.report.StudyView;
import dev.assay.run.control.StudyControl;
import dev.assay.serve.AskTellService;
import dev.assay.serve.AskTellSession;
import dev.assay.space.Configuration;
import dev.assay.spec.ShownFile;
import dev.assay.spec.StudyFile;
import dev.assay.storage.Storage;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.trial.StopReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A study that is open for clients, with all that looks after it.
final class ServedStudy implements AskTellSession.Opened {
  /// How long workers have to give back what they run.
  private static final Duration FAREWELL = Duration.ofSeconds(15);

  private final Storage storage;
  private final Trackers trackers;
  private final Study<Configuration> study;
  private final @Nullable StudyControl control;
  private final Loss loss;
  private final AskTellService service;
  private final Crew crew;
  private final Map<String, Path> files;

  private ServedStudy(
      Storage storage,
      Trackers trackers,
      Study<Configuration> study,
      StudyLocation location,
      AskTellService service,
      Crew crew,
      Map<String, Path> files,
      Thread serving,
      Thread client,
      Console console) {
    this.storage = storage;
    this.trackers = trackers;
    this.study = study;
    this.service = service;
    this.crew = crew;
    this.files = files;
    control = location.control(study, storage, serving);
    loss = Loss.of(study, client, console);
  }

  /// @throws Problem for a study that cannot be served
  static void check(StudyFile spec) {
    if (spec.sampler().name().equals(PbtSampler.NAME)) {
      throw new Problem(
          "Population based training cannot be served: clients know of no checkpoints to go on"
              + " from.",
          "sampler: pbt (" + spec.sampler().place() + ")",
          "Let `assay tune` start the programs, or serve another sampler.");
    }
  }

  /// Opens it, for the thread that calls: that is interrupted when the study is stopped.
  ///
  /// @param url a storage URL; null: as the file says
  /// @param lease null: for ever
  /// @throws Problem where it cannot be opened
  static ServedStudy open(
      StudyFile spec, @Nullable String url, @Nullable Duration lease, Console console) {
    var serving = Thread.currentThread();
    return open(spec, url, lease, false, serving, serving, console);
  }

  /// As above.
  ///
  /// @param fresh an older study of the name is put aside
  /// @param serving who is interrupted when the study is stopped
  /// @param client who is interrupted when its storage is lost
  static ServedStudy open(
      StudyFile spec,
      @Nullable String url,
      @Nullable Duration lease,
      boolean fresh,
      Thread serving,
      Thread client,
      Console console) {
    var location = StudyLocation.of(spec.name(), url == null ? spec.storage() : url);
    var shipped = Shipping.manifest(spec);
    var storage = location.open();
    Study<Configuration> study = null;
    try {
      var builder = builder(spec, storage);
      if (fresh) {
        location.putAside(storage, builder, spec.name(), console);
      }
      var trackers = Trackers.of(spec, builder, console);
      study = builder.openOrCreate();
      trackers.begin(study);
      var shown = ShownFile.of(spec);
      study.putFact(StudyView.STUDY_FILE, shown.text());
      study.putFact(StudyView.OVERRIDES, shown.overrides());
      Whereabouts.keep(study, spec);
      Shipping.send(spec, shipped, storage, study, console);
      var service = new AskTellService(study, spec.budget(), lease, spec.restarts());
      var crew =
          new Crew(study, spec.budget(), spec.restarts(), lease == null ? Hosting.LEASE : lease);
      return new ServedStudy(
          storage,
          trackers,
          study,
          location,
          service,
          crew,
          Shipping.byContent(spec, shipped),
          serving,
          client,
          console);
    } catch (RuntimeException e) {
      if (study != null) {
        study.close();
      }
      storage.close();
      throw e;
    }
  }

  private static StudyBuilder<Configuration> builder(StudyFile spec, Storage storage) {
    // No batch rule: a client that tells late must never make another wait.
    return Beginning.of(
            spec, storage, Map.of("ask and tell", true), new BackendSelector().gpEngine("auto"))
        .batch(0)
        .restarts(Integer.MAX_VALUE); // its clients outlive it
  }

  /// @throws Problem where a client means another study than this, which is open under its name
  void requireSame(StudyFile spec) {
    var differences = study.definition().differences(builder(spec, storage).definition());
    if (!differences.isEmpty()) {
      throw new Problem(
          "The study is open, and is another one.",
          spec.name() + ": " + String.join("; ", differences),
          "Undo the change, or give the study another name.");
    }
  }

  @Override
  public AskTellService service() {
    return service;
  }

  /// For the workers that run its trials.
  CrewHandler workers() {
    return new CrewHandler(crew, files);
  }

  /// Has workers give back what they run, while they can still say so.
  void dismissWorkers() {
    crew.finish(StopReason.INTERRUPTED);
    crew.awaitLeaving(FAREWELL);
  }

  /// @param otherwise where nothing was lost
  int exitCode(int otherwise) {
    return loss.exitCode(otherwise);
  }

  @Override
  public void close() {
    try (storage;
        study;
        trackers;
        control;
        crew) {
      loss.close();
    }
  }
}
