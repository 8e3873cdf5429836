package dev.assay.remote;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One worker of a [Crew].
final class CrewMember {
  /// Claims whose last answer is remembered: a worker sends one again only while it has no answer.
  private static final int REMEMBERED = 1000;

  interface Claiming {
    Messages.Claimed next() throws InterruptedException;
  }

  final String name;
  private final Messages.Join joined;

  /// One claim after the other.
  final ReentrantLock asking = new ReentrantLock();

  /// The claim that was answered last, and how; guarded by [#asking].
  private long turn = -1;

  private Messages.@Nullable Claimed answer;

  /// When it gave a sign last; guarded by the crew.
  long heardNanos;

  /// What it had and has no more, by number; guarded by the crew.
  final Map<Integer, CrewClaim> done =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, CrewClaim> eldest) {
          return size() > REMEMBERED;
        }
      };

  CrewMember(String name, Messages.Join joined, long heardNanos) {
    this.name = name;
    this.joined = joined;
    this.heardNanos = heardNanos;
  }

  /// Answers a claim; one that is sent again as before. Its caller holds [#asking].
  Messages.Claimed answer(long newTurn, Claiming next) throws InterruptedException {
    var before = answer;
    if (before != null && turn == newTurn) {
      return before;
    }
    var claimed = next.next();
    turn = newTurn;
    answer = claimed;
    return claimed;
  }

  /// For people: on which machine it runs.
  String machine() {
    return joined.machine().getOrDefault("host", "?") + ", " + joined.parallel() + " at once";
  }
}
