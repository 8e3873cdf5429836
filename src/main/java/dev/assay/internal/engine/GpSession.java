package dev.assay.internal.engine;

import dev.assay.gp.CovarianceFunction;
import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.gp.Hyperprior;
import dev.assay.internal.problem.Require;
import java.util.List;

/// Observations on a device and what is computed of them. Belongs to one thread at a time.
public interface GpSession extends AutoCloseable {
  /// One hyperparameter fit.
  ///
  /// @param output which column of outputs is modelled
  /// @param starts R × p: where the R searches begin
  /// @param maxEvaluations of the likelihood, for each start
  @SuppressWarnings("ArrayRecordComponent")
  record FitTask(
      CovarianceFunction covariance,
      int output,
      Hyperprior prior,
      double[] starts,
      int maxEvaluations) {
    public FitTask {
      Require.atLeast("fit", "output", output, 0);
      Require.atLeast("fit", "max_evaluations", maxEvaluations, 1);
    }
  }

  /// The best end of a fit's searches.
  ///
  /// @param theta p values
  /// @param logPosterior log likelihood plus log prior there; -∞ when no start was in the domain
  /// @param evaluations of the likelihood, over all starts
  @SuppressWarnings("ArrayRecordComponent")
  record Fit(double[] theta, double logPosterior, int evaluations) {}

  /// A model with its hyperparameters.
  ///
  /// @param output which column of outputs it is conditioned on
  @SuppressWarnings("ArrayRecordComponent")
  record Model(CovarianceFunction covariance, double[] theta, int output) {
    public Model {
      Require.atLeast("model", "output", output, 0);
    }
  }

  /// A point of the box with its acquisition value.
  @SuppressWarnings("ArrayRecordComponent")
  record Candidate(double[] point, double value) {}

  /// Replaces all observations; forgets conditioned models.
  ///
  /// @param points n × d
  /// @param outputs columns of n values; several where outputs are warped in several ways, or where
  ///   there are several objectives, constraints or fantasies
  /// @throws IllegalArgumentException if anything is not finite
  void observe(double[] points, double[][] outputs);

  /// Adds one observation, one value for each column. Conditioned models learn of it in O(n²).
  ///
  /// @throws IllegalArgumentException if anything is not finite
  void append(double[] point, double[] values);

  /// Replaces the outputs of the same points: what is believed of them may change as more is known.
  /// Conditioned models keep their factors: O(n²).
  ///
  /// @param outputs as many columns of n values as there are
  /// @throws IllegalArgumentException if anything is not finite or their number differs
  void relabel(double[][] outputs);

  /// log p(y | X, θ) and its gradient in θ for R vectors.
  ///
  /// @param thetas R × p
  /// @param values out: R; -∞ where the covariance is not positive definite
  /// @param gradients out: R × p; 0 where the value is -∞
  void logLikelihood(
      CovarianceFunction covariance,
      int output,
      double[] thetas,
      double[] values,
      double[] gradients);

  /// Maximises likelihood times prior, all tasks and all their starts in one go.
  List<Fit> fit(List<FitTask> tasks);

  /// Conditions models on the observations; from now on they are models 0, 1, ... A covariance that
  /// is not positive definite is retried with jitter.
  ///
  /// @throws ArithmeticException if jitter does not help
  void condition(List<Model> models);

  /// Mean and variance (of the latent function) of one model at m points.
  ///
  /// @param points m × d
  /// @param means out: m
  /// @param variances out: m
  void predict(int model, double[] points, double[] means, double[] variances);

  /// Acquisition values at m points.
  ///
  /// @param values out: m
  void acquisition(AcquisitionFunction function, double[] points, double[] values);

  /// Acquisition values and gradients at m points. A category's derivative is 0.
  ///
  /// @param values out: m
  /// @param gradients out: m × d
  void acquisition(
      AcquisitionFunction function, double[] points, double[] values, double[] gradients);

  /// The best points of a net, best first; of equal ones that which comes first. Their values are
  /// those of [#acquisition], whatever precision a device looks at the others in.
  ///
  /// @param keep how many, at most
  default List<Candidate> screen(AcquisitionFunction function, CandidateNet net, int keep) {
    return Screening.exhaustive(this, function, net, keep);
  }

  /// The best acceptable point that a search of the box finds: by the acquisition, and by what the
  /// rule prefers.
  ///
  /// @throws java.util.NoSuchElementException if no candidate was acceptable
  Candidate maximise(AcquisitionFunction function, MaximiserPlan plan, CandidateRule rule);

  /// Joint posterior draws of one model at m points.
  ///
  /// @return count × m
  double[] sample(int model, double[] points, int count, long seed);

  @Override
  void close();
}
