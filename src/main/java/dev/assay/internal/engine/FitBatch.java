package dev.assay.internal.engine;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.gp.Hyperprior;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Fits of one covariance function, prior and number of evaluations, which a device does together:
/// the starts of all of them in a row.
public final class FitBatch {
  /// Where the searches of a batch ended.
  ///
  /// @param thetas starts × p
  /// @param logPosteriors there; not finite where a start was outside the domain
  /// @param evaluations of each search
  @SuppressWarnings("ArrayRecordComponent")
  public record Ends(double[] thetas, double[] logPosteriors, int[] evaluations) {}

  /// @param place where it stands among all tasks
  /// @param first its first start in the batch
  /// @param count how many starts it has
  private record Member(GpSession.FitTask task, int place, int first, int count) {}

  private final GpSession.FitTask leader;
  private final List<Member> members = new ArrayList<>();
  private int size;

  private FitBatch(GpSession.FitTask leader) {
    this.leader = leader;
  }

  /// The fewest batches that hold all tasks.
  public static List<FitBatch> of(List<GpSession.FitTask> tasks) {
    var batches = new ArrayList<FitBatch>();
    for (int k = 0; k < tasks.size(); k++) {
      var task = tasks.get(k);
      var batch = batches.stream().filter(b -> b.takes(task)).findFirst().orElse(null);
      if (batch == null) {
        batch = new FitBatch(task);
        batches.add(batch);
      }
      int count = task.starts().length / task.prior().size();
      batch.members.add(new Member(task, k, batch.size, count));
      batch.size += count;
    }
    return batches;
  }

  private boolean takes(GpSession.FitTask task) {
    return covariance().equals(task.covariance())
        && maxEvaluations() == task.maxEvaluations()
        && prior().priors().equals(task.prior().priors())
        && Arrays.equals(prior().low(), task.prior().low())
        && Arrays.equals(prior().high(), task.prior().high());
  }

  public CovarianceFunction covariance() {
    return leader.covariance();
  }

  /// The priors and bounds of every task. (Where cold fits begin, they may differ.)
  public Hyperprior prior() {
    return leader.prior();
  }

  public int maxEvaluations() {
    return leader.maxEvaluations();
  }

  /// Starts in all.
  public int size() {
    return size;
  }

  /// The column of outputs that each start is for.
  public int[] outputs() {
    var outputs = new int[size];
    for (var member : members) {
      Arrays.fill(outputs, member.first(), member.first() + member.count(), member.task().output());
    }
    return outputs;
  }

  /// Starts × p.
  public double[] starts() {
    int p = prior().size();
    var starts = new double[size * p];
    for (var member : members) {
      System.arraycopy(member.task().starts(), 0, starts, member.first() * p, member.count() * p);
    }
    return starts;
  }

  /// One fit for each task, in the order of the tasks: the best of its ends.
  ///
  /// @param ends of each batch
  public static List<GpSession.Fit> best(List<FitBatch> batches, List<Ends> ends) {
    var fits = new GpSession.Fit[batches.stream().mapToInt(batch -> batch.members.size()).sum()];
    for (int b = 0; b < batches.size(); b++) {
      for (var member : batches.get(b).members) {
        fits[member.place()] = best(member, ends.get(b));
      }
    }
    return List.of(fits);
  }

  private static GpSession.Fit best(Member member, Ends ends) {
    int p = member.task().prior().size();
    var values = ends.logPosteriors();
    int best = -1;
    int evaluations = 0;
    for (int r = member.first(); r < member.first() + member.count(); r++) {
      evaluations += ends.evaluations()[r];
      if (Double.isFinite(values[r]) && (best < 0 || values[r] > values[best])) {
        best = r;
      }
    }
    return best < 0
        ? new GpSession.Fit(
            member.task().prior().start().clone(), Double.NEGATIVE_INFINITY, evaluations)
        : new GpSession.Fit(
            Arrays.copyOfRange(ends.thetas(), best * p, (best + 1) * p), values[best], evaluations);
  }
}
