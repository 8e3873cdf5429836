package dev.assay.train;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Configurations in training: grouped by shape, one session a shape, a lane for each configuration
/// and fold. Belongs to one thread at a time.
public final class FusedRun implements AutoCloseable {
  private final TrainEngine engine;
  private final FoldedData data;
  private final Target[] truths;
  private final List<Group> groups = new ArrayList<>();

  FusedRun(TrainEngine engine, FoldedData data, List<TrainRequest> requests) {
    this.engine = engine;
    this.data = data;
    this.truths = new Target[data.folds().size()];
    for (int fold = 0; fold < truths.length; fold++) {
      truths[fold] = data.validationTarget(fold);
    }
    var byShape = new LinkedHashMap<Shape, List<Integer>>();
    for (int i = 0; i < requests.size(); i++) {
      var shape = Shape.of(requests.get(i).settings(), data.data());
      byShape.computeIfAbsent(shape, _ -> new ArrayList<>()).add(i);
    }
    try {
      byShape.forEach((shape, members) -> groups.add(open(shape, members, requests)));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private Group open(Shape shape, List<Integer> members, List<TrainRequest> requests) {
    var lanes = new ArrayList<Lane>();
    for (int member : members) {
      for (int fold = 0; fold < truths.length; fold++) {
        lanes.add(new Lane(requests.get(member).settings(), fold, requests.get(member).seed()));
      }
    }
    return new Group(engine.open(new TrainPlan(shape, data, lanes)), members, lanes);
  }

  /// Trains every live configuration up to the end of an epoch, or to its own end.
  ///
  /// @param epoch counted from 1; not below that of an earlier call
  /// @return a result for each live configuration, in the order of the requests
  /// @throws InterruptedException when the calling thread is interrupted; only [#close] is left
  ///   then
  public List<TrainResult> advance(int epoch) throws InterruptedException {
    return advance(Map.of(this, epoch)).getFirst();
  }

  /// Advances several runs of one trainer at the same time, each as [#advance(int)].
  ///
  /// @param epochs up to which each run is trained
  /// @return what [#advance(int)] returns, for each run
  /// @throws InterruptedException as [#advance(int)]
  public static List<List<TrainResult>> advance(Map<FusedRun, Integer> epochs)
      throws InterruptedException {
    if (epochs.isEmpty()) {
      return List.of();
    }
    var advances = new ArrayList<TrainEngine.Advance>();
    epochs.forEach((run, epoch) ->
        run.groups.forEach(group -> advances.add(new TrainEngine.Advance(group.session, epoch))));
    var engine = epochs.keySet().iterator().next().engine;
    var reports = engine.advance(advances).iterator();
    var results = new ArrayList<List<TrainResult>>();
    for (var run : epochs.keySet()) {
      results.add(run.results(run.groups.stream().map(_ -> reports.next()).toList()));
    }
    return results;
  }

  /// @param reports of each group
  private List<TrainResult> results(List<List<LaneReport>> reports) {
    var folds = new TreeMap<Integer, List<FoldResult>>();
    for (int i = 0; i < groups.size(); i++) {
      var group = groups.get(i);
      for (var report : reports.get(i)) {
        folds
            .computeIfAbsent(group.request(report.lane(), truths.length), _ -> new ArrayList<>())
            .add(result(group.lanes.get(report.lane()).fold(), report));
      }
    }
    return folds.values().stream().map(TrainResult::new).toList();
  }

  /// Drops every configuration but these.
  ///
  /// @param requests indices into the requests that the run was opened with
  public void retain(Collection<Integer> requests) {
    for (var group : groups) {
      var kept = new ArrayList<Integer>();
      for (int lane = 0; lane < group.lanes.size(); lane++) {
        if (requests.contains(group.request(lane, truths.length))) {
          kept.add(lane);
        }
      }
      group.session.retain(kept);
    }
  }

  @Override
  public void close() {
    groups.forEach(group -> group.session.close());
    groups.clear();
  }

  /// How well a live configuration predicts the rows that each of its folds was trained on.
  ///
  /// @param request its index among the requests
  public List<FoldResult> trainingScores(int request) {
    var results = new ArrayList<FoldResult>();
    for (var group : groups) {
      for (int lane = 0; lane < group.lanes.size(); lane++) {
        if (group.request(lane, truths.length) == request) {
          int fold = group.lanes.get(lane).fold();
          var rows = data.folds().get(fold).training();
          var predictions = group.session.predict(lane, rows);
          var truth = data.data().target().of(rows);
          var scores = new EnumMap<Metric, Double>(Metric.class);
          for (var metric : Metric.of(truth.task())) {
            scores.put(metric, metric.of(truth, predictions));
          }
          results.add(new FoldResult(fold, 0, LaneReport.State.FINISHED, 0, scores, 0));
        }
      }
    }
    return results;
  }

  /// The weights of a live configuration on one fold, as [TrainSession#weights].
  public float[] weights(int request, int fold) {
    var group = group(request);
    return group.session.weights(group.lane(request, fold, truths.length));
  }

  /// Where a live configuration stands, fold by fold; one without patience.
  public List<LaneCheckpoint> checkpoint(int request) {
    var group = group(request);
    var checkpoints = new ArrayList<LaneCheckpoint>();
    for (int fold = 0; fold < truths.length; fold++) {
      checkpoints.add(group.session.checkpoint(group.lane(request, fold, truths.length)));
    }
    return checkpoints;
  }

  /// Lets a live configuration go on from checkpoints, one for each fold, as
  /// [TrainSession#restore].
  public void restore(int request, List<LaneCheckpoint> checkpoints) {
    var group = group(request);
    for (int fold = 0; fold < truths.length; fold++) {
      group.session.restore(group.lane(request, fold, truths.length), checkpoints.get(fold));
    }
  }

  /// Lets a live configuration go on from where one stands in a run of the same trainer, on every
  /// fold; as [TrainSession#takeOver].
  public void takeOver(int request, FusedRun from, int other) {
    var group = group(request);
    var source = from.group(other);
    for (int fold = 0; fold < truths.length; fold++) {
      group.session.takeOver(
          group.lane(request, fold, truths.length),
          source.session,
          source.lane(other, fold, truths.length));
    }
  }

  private Group group(int request) {
    for (var group : groups) {
      if (group.members.contains(request)) {
        return group;
      }
    }
    throw new IllegalArgumentException("request " + request + " is not live");
  }

  private FoldResult result(int fold, LaneReport report) {
    var scores = new EnumMap<Metric, Double>(Metric.class);
    // A fold without validation rows, of a last training, has no scores either.
    boolean none = report.state() == LaneReport.State.DIVERGED || truths[fold].rows() == 0;
    for (var metric : Metric.of(data.data().target().task())) {
      scores.put(metric, none ? Double.NaN : metric.of(truths[fold], report.predictions()));
    }
    return new FoldResult(
        fold, report.epoch(), report.state(), report.trainLoss(), scores, report.fitSeconds());
  }

  /// @param members indices of requests, ascending
  /// @param lanes the folds of the first member, then those of the second, ...
  private record Group(TrainSession session, List<Integer> members, List<Lane> lanes) {
    int request(int lane, int folds) {
      return members.get(lane / folds);
    }

    int lane(int request, int fold, int folds) {
      return members.indexOf(request) * folds + fold;
    }
  }
}
