package dev.assay.track;

import dev.assay.space.Choice;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Event files for TensorBoard, with what its HParams page shows: `DIRECTORY/STUDY/trial-NUMBER/`,
/// one file each. Steps are those that were reported; the values at the end stand under their
/// metrics' names, at the step behind the last.
public final class TensorBoard implements Tracker {
  private static final String EXPERIMENT = "_hparams_/experiment";
  private static final String START = "_hparams_/session_start_info";
  private static final String END = "_hparams_/session_end_info";
  private static final String ID = "study.id";
  private static final int SUCCESS = 1;
  private static final int FAILURE = 2;

  private final Path root;
  private Path directory;
  private @Nullable TrackedStudy study;
  private final Map<Integer, EventFile> running = new HashMap<>();

  /// Reports that are written, by trial.
  private final Map<Integer, Set<Long>> steps = new HashMap<>();

  public TensorBoard(Path root) {
    this.root = root;
    directory = root;
  }

  @Override
  public String place() {
    return root.toString();
  }

  @Override
  public Set<Integer> open(TrackedStudy tracked) throws IOException {
    study = tracked;
    directory = directory(tracked);
    if (!Files.exists(directory.resolve(ID))) {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve(ID), tracked.id());
      try (var file = EventFile.create(directory.resolve("events.out.tfevents.0.assay"), 0)) {
        file.summary(0, 0, hparams(EXPERIMENT, new ProtoMessage().message(2, experiment(tracked))));
      }
    }
    var logged = new HashSet<Integer>();
    try (var trials = Files.newDirectoryStream(directory, "trial-*")) {
      for (var trial : trials) {
        var number = trial.getFileName().toString().substring("trial-".length());
        var file = file(trial);
        if (number.matches("[0-9]{1,9}") && Files.exists(file) && EventFile.endsWith(file, END)) {
          logged.add(Integer.valueOf(number));
        }
      }
    }
    return logged;
  }

  /// The study's own; that of another of the same name, which was put aside, is left as it is.
  private Path directory(TrackedStudy tracked) throws IOException {
    var name = URLEncoder.encode(tracked.name(), StandardCharsets.UTF_8).replace("+", "%20");
    var first = name.matches("\\.{1,2}") ? name.replace(".", "%2E") : name;
    for (int i = 1; ; i++) {
      var own = root.resolve(i == 1 ? first : first + "-" + i);
      var id = own.resolve(ID);
      if (!Files.exists(own) || Files.exists(id) && Files.readString(id).equals(tracked.id())) {
        return own;
      }
    }
  }

  private static Path file(Path trial) {
    return trial.resolve("events.out.tfevents.0.assay");
  }

  @Override
  public void started(TrialRecord trial) throws IOException {
    var trialDirectory = directory.resolve("trial-%05d".formatted(trial.number()));
    Files.createDirectories(trialDirectory);
    close(trial.number());
    double seconds = trial.startedMillis() * 1e-3;
    var file = EventFile.create(file(trialDirectory), seconds);
    running.put(trial.number(), file);
    steps.put(trial.number(), new HashSet<>());
    var start = new ProtoMessage();
    trial
        .configuration()
        .values()
        .forEach((name, value) ->
            start.message(1, new ProtoMessage().text(1, name).message(2, value(value))));
    start.text(4, "trial-%05d".formatted(trial.number())).real(5, seconds);
    file.summary(seconds, 0, hparams(START, new ProtoMessage().message(3, start)));
  }

  private void close(int trial) throws IOException {
    steps.remove(trial);
    var file = running.remove(trial);
    if (file != null) {
      file.close();
    }
  }

  @Override
  public void reported(int trial, Report report) throws IOException {
    var file = running.get(trial);
    if (file != null) {
      write(file, trial, report, System.currentTimeMillis() * 1e-3);
    }
  }

  private void write(EventFile file, int trial, Report report, double seconds) throws IOException {
    var objectives = Objects.requireNonNull(study).objectives();
    if (Objects.requireNonNull(steps.get(trial)).add(report.step())) {
      for (int i = 0; i < report.values().size() && i < objectives.size(); i++) {
        file.scalar(seconds, report.step(), objectives.get(i).metric(), report.values().get(i));
      }
    }
  }

  @Override
  public void ended(TrialRecord trial) throws IOException {
    if (!running.containsKey(trial.number())) {
      started(trial);
    }
    var file = Objects.requireNonNull(running.get(trial.number()));
    double end = trial.startedMillis() * 1e-3 + trial.seconds();
    long last = 0;
    for (var report : trial.reports()) {
      write(file, trial.number(), report, end);
      last = report.step() + 1;
    }
    var objectives = Objects.requireNonNull(study).objectives();
    for (int i = 0; i < trial.values().size(); i++) {
      file.scalar(end, last, objectives.get(i).metric(), trial.values().get(i));
    }
    int status = trial.state() == TrialState.FAILED ? FAILURE : SUCCESS;
    file.summary(
        end,
        0,
        hparams(
            END, new ProtoMessage().message(4, new ProtoMessage().whole(1, status).real(2, end))));
    close(trial.number());
  }

  private static ProtoMessage hparams(String tag, ProtoMessage content) {
    var plugin = new ProtoMessage().text(1, "hparams").bytes(2, content.bytes());
    var nothing =
        new ProtoMessage()
            .whole(1, 1)
            .message(2, new ProtoMessage().message(2, new ProtoMessage()));
    return new ProtoMessage()
        .text(1, tag)
        .message(9, new ProtoMessage().message(1, plugin))
        .message(8, nothing);
  }

  private static ProtoMessage experiment(TrackedStudy study) {
    var experiment = new ProtoMessage().text(6, study.name());
    for (var parameter : study.space().parameters()) {
      experiment.message(4, info(parameter.name(), parameter.distribution()));
    }
    for (var objective : study.objectives()) {
      experiment.message(
          5, new ProtoMessage().message(1, new ProtoMessage().text(2, objective.metric())));
    }
    return experiment;
  }

  private static ProtoMessage info(String name, Distribution distribution) {
    var info = new ProtoMessage().text(1, name);
    return switch (distribution) {
      case FloatRange range -> info.whole(4, 3).message(6, interval(range.low(), range.high()));
      case IntRange range -> info.whole(4, 3).message(6, interval(range.low(), range.high()));
      case Choice(var options, _) -> {
        var list = new ProtoMessage();
        options.forEach(option -> list.message(1, value(option)));
        yield info.whole(4, type(options)).message(5, list);
      }
    };
  }

  private static ProtoMessage interval(double low, double high) {
    return new ProtoMessage().real(1, low).real(2, high);
  }

  private static int type(List<?> options) {
    if (options.stream().allMatch(Number.class::isInstance)) {
      return 3;
    }
    return options.stream().allMatch(Boolean.class::isInstance) ? 2 : 1;
  }

  /// A `google.protobuf.Value`; of what is neither a number nor a truth, its text.
  private static ProtoMessage value(@Nullable Object value) {
    return switch (value) {
      case Number number -> new ProtoMessage().real(2, number.doubleValue());
      case Boolean truth -> new ProtoMessage().whole(4, truth ? 1 : 0);
      case String text -> new ProtoMessage().text(3, text);
      case null, default ->
          new ProtoMessage().text(3, JsonMapper.shared().writeValueAsString(value));
    };
  }

  @Override
  public void close() throws IOException {
    for (var trial : List.copyOf(running.keySet())) {
      close(trial);
    }
  }
}
