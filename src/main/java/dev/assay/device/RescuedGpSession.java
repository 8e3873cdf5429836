package dev.assay.device;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.engine.CandidateNet;
import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.engine.MaximiserPlan;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// A session that goes on elsewhere when its device fails: what it was told is told there again,
/// and what failed is done there.
final class RescuedGpSession implements GpSession {
  private final Supplier<GpSession> rescue;
  private final Consumer<Problem> note;
  private final List<Told> told = new ArrayList<>();
  private GpSession session;
  private boolean rescued;

  /// What a session is told of. Of outputs and of models only the last counts.
  private enum Kind {
    POINTS,
    OUTPUTS,
    MODELS
  }

  private record Told(Kind kind, Consumer<GpSession> what) {}

  /// @param session on the device
  /// @param note is told what failed
  RescuedGpSession(GpSession session, Supplier<GpSession> rescue, Consumer<Problem> note) {
    this.session = session;
    this.rescue = rescue;
    this.note = note;
  }

  private <T> T ask(Function<GpSession, T> question) {
    if (!rescued) {
      try {
        return question.apply(session);
      } catch (DeviceFailure | DeviceTooSmall e) {
        note.accept(e);
        move();
      }
    }
    return question.apply(session);
  }

  private void run(Consumer<GpSession> work) {
    ask(s -> {
      work.accept(s);
      return true;
    });
  }

  private void tell(Kind kind, Consumer<GpSession> what) {
    run(what);
    if (kind != Kind.POINTS) {
      told.removeIf(each -> each.kind == kind);
    }
    if (!rescued) {
      told.add(new Told(kind, what));
    }
  }

  private void move() {
    session.close();
    session = rescue.get();
    rescued = true;
    told.forEach(each -> each.what.accept(session));
    told.clear();
  }

  @Override
  public void observe(double[] points, double[][] outputs) {
    var x = points.clone();
    var y = copy(outputs);
    told.clear();
    tell(Kind.POINTS, s -> s.observe(x, y));
  }

  private static double[][] copy(double[][] outputs) {
    return Arrays.stream(outputs).map(double[]::clone).toArray(double[][]::new);
  }

  @Override
  public void append(double[] point, double[] values) {
    var x = point.clone();
    var y = values.clone();
    tell(Kind.POINTS, s -> s.append(x, y));
  }

  @Override
  public void relabel(double[][] outputs) {
    var y = copy(outputs);
    tell(Kind.OUTPUTS, s -> s.relabel(y));
  }

  @Override
  public void condition(List<Model> models) {
    var all = List.copyOf(models);
    tell(Kind.MODELS, s -> s.condition(all));
  }

  @Override
  public void logLikelihood(
      CovarianceFunction covariance,
      int output,
      double[] thetas,
      double[] values,
      double[] gradients) {
    run(s -> s.logLikelihood(covariance, output, thetas, values, gradients));
  }

  @Override
  public List<Fit> fit(List<FitTask> tasks) {
    return ask(s -> s.fit(tasks));
  }

  @Override
  public void predict(int model, double[] points, double[] means, double[] variances) {
    run(s -> s.predict(model, points, means, variances));
  }

  @Override
  public void acquisition(AcquisitionFunction function, double[] points, double[] values) {
    run(s -> s.acquisition(function, points, values));
  }

  @Override
  public void acquisition(
      AcquisitionFunction function, double[] points, double[] values, double[] gradients) {
    run(s -> s.acquisition(function, points, values, gradients));
  }

  @Override
  public List<Candidate> screen(AcquisitionFunction function, CandidateNet net, int keep) {
    return ask(s -> s.screen(function, net, keep));
  }

  @Override
  public Candidate maximise(AcquisitionFunction function, MaximiserPlan plan, CandidateRule rule) {
    return ask(s -> s.maximise(function, plan, rule));
  }

  @Override
  public double[] sample(int model, double[] points, int count, long seed) {
    return ask(s -> s.sample(model, points, count, seed));
  }

  @Override
  public void close() {
    told.clear();
    session.close();
  }
}
