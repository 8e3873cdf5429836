package dev.assay.internal.desk;

import dev.assay.problem.Problem;
import dev.assay.space.SearchSpace;
import dev.assay.trial.History;
import dev.assay.trial.NothingFound;
import dev.assay.trial.Proposal;
import dev.assay.trial.Sampler;
import dev.assay.trial.SearchTask;
import dev.assay.trial.StopReason;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The sampler's proposals: made one at a time, and outside the study's lock, so that whoever tells
/// or reports meanwhile does not wait for the sampler. One proposal can be kept ready.
///
/// The turn is taken before the study's lock, or under it by [#tryTurn]. What is kept between
/// proposals is guarded by the study's lock.
final class Proposals implements AutoCloseable {
  private Sampler.Proposer proposer;
  private final String part;
  private final SearchSpace space;
  private final boolean batched;
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable Proposal ready;
  private int readyNumber;
  private boolean exhausted;

  /// Whether the sampler gave up rather than came to an end.
  private volatile boolean nothingFound;

  /// At which version of the study the sampler said that it waits for an outcome; -1: it does not.
  private long postponedAt = -1;

  /// @param sampler its name, for messages
  Proposals(Sampler.Proposer proposer, String sampler, SearchTask task) {
    this.proposer = proposer;
    part = "sampler " + sampler;
    space = task.space();
    batched = task.batch() > 0;
  }

  /// Goes on with another proposer of the same sampler, which knows of nothing; the caller has the
  /// turn and the study's lock.
  void renew(Sampler.Proposer fresh) {
    proposer.close();
    proposer = fresh;
    ready = null;
    postponedAt = -1;
    exhausted = false;
  }

  /// What came of a [#make].
  ///
  /// @param number of the trial
  /// @param proposal null when there is none
  /// @param waits whether the sampler waits for an outcome first; otherwise the space is exhausted
  /// @param nanos how long it took
  record Made(int number, @Nullable Proposal proposal, boolean waits, long nanos) {}

  /// Makes a proposal; the caller has the turn, and not the study's lock.
  Made make(int number, History history) {
    long start = System.nanoTime();
    boolean waits = false;
    Proposal proposal = null;
    try {
      waits = !batched && proposer.waits(history);
      proposal = waits ? null : checked(proposer.propose(number, history));
    } catch (NothingFound e) {
      nothingFound = true;
    } catch (Problem e) {
      throw e;
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      throw Faults.named(part, "trial " + number, e);
    }
    return new Made(number, proposal, waits, System.nanoTime() - start);
  }

  /// A sampler of somebody's may not know what it must keep to.
  private @Nullable Proposal checked(@Nullable Proposal proposal) {
    if (proposal == null || space.isOpen()) {
      return proposal;
    }
    var configuration = proposal.configuration();
    if (configuration.space() != space && !configuration.space().equals(space)) {
      throw new IllegalStateException("it proposed " + configuration + ", of another space");
    }
    var misfit = space.misfit(configuration);
    if (misfit != null) {
      throw new IllegalStateException(
          "it proposed no value of "
              + misfit.name()
              + " that is one of "
              + misfit.distribution().describe());
    }
    if (!space.satisfies(configuration)) {
      throw new IllegalStateException("it proposed " + configuration + ", against a constraint");
    }
    return proposal;
  }

  /// What is stored for a configuration that a person put in line.
  Proposal adopt(int number, Proposal enqueued) {
    return proposer.adopt(number, enqueued);
  }

  /// Keeps what was made.
  ///
  /// @param version of the study when the history was taken
  void keep(Made made, long version) {
    ready = made.proposal();
    readyNumber = made.number();
    postponedAt = made.waits() ? version : -1;
    exhausted = made.proposal() == null && !made.waits();
  }

  boolean isExhausted() {
    return exhausted;
  }

  /// Why it is.
  StopReason exhaustion() {
    return nothingFound ? StopReason.NOTHING_FOUND : proposer.exhaustion();
  }

  /// Whether the sampler waits for an outcome, as far as is known at a version of the study.
  boolean isPostponed(long version) {
    return postponedAt == version;
  }

  boolean isReady(int number) {
    return ready != null && readyNumber == number;
  }

  /// The proposal for a number, if it is ready; it is not any more then.
  @Nullable Proposal take(int number) {
    var taken = isReady(number) ? ready : null;
    ready = null;
    return taken;
  }

  /// Keeps a proposal ready that was taken and could not begin.
  void giveBack(int number, Proposal proposal) {
    ready = proposal;
    readyNumber = number;
  }

  boolean hasTurn() {
    return turn.isHeldByCurrentThread();
  }

  boolean tryTurn() {
    return hasTurn() || turn.tryLock();
  }

  void awaitTurn() {
    turn.lock();
  }

  /// Ends the turn, if this thread has it.
  void endTurn() {
    if (hasTurn()) {
      turn.unlock();
    }
  }

  @Override
  public void close() {
    turn.lock(); // a proposal under way ends first
    try {
      proposer.close();
    } finally {
      turn.unlock();
    }
  }
}
