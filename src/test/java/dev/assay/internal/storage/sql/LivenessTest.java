package dev.assay.internal.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.process.ProcessIdentity;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Who is gone, as far as one can tell from another container.
class LivenessTest {
  private static final ProcessIdentity ELSEWHERE = new ProcessIdentity(1, 1, "another boot");
  private static final long NOW = 1_000_000_000L;

  private final AtomicLong nanos = new AtomicLong();
  private final Liveness liveness = new Liveness(nanos::get);

  private boolean isGone(ProcessIdentity process, long silentSeconds) {
    return liveness.isGone(1, process, NOW - silentSeconds * 1000, NOW);
  }

  private void pass(long seconds) {
    nanos.addAndGet(seconds * 1_000_000_000L);
  }

  @Test
  void ofThisMachineTheTruthIsLookedUp() {
    assertThat(isGone(ProcessIdentity.current(), 10_000)).isFalse();
    var dead = new ProcessIdentity(1, 1, ProcessIdentity.current().boot());
    assertThat(isGone(dead, 0)).isTrue();
  }

  @Test
  void aSilentWorkerIsWatchedForAWhileFirst() {
    assertThat(isGone(ELSEWHERE, 100)).isFalse();
    pass(19);
    assertThat(isGone(ELSEWHERE, 100)).isFalse();
    pass(1);
    assertThat(isGone(ELSEWHERE, 100)).isTrue();
  }

  @Test
  void oneThatBeatsAgainLives() {
    assertThat(isGone(ELSEWHERE, 100)).isFalse();
    pass(30);
    assertThat(isGone(ELSEWHERE, 1)).isFalse();
    pass(30);
    assertThat(isGone(ELSEWHERE, 1)).isFalse(); // silent for a second as the clocks go
  }

  @Test
  void whileNobodyCanWriteNobodyIsGone() {
    assertThat(isGone(ELSEWHERE, 100)).isFalse();
    pass(300);
    liveness.notWritable();
    assertThat(isGone(ELSEWHERE, 400)).isFalse();
    pass(20);
    assertThat(isGone(ELSEWHERE, 400)).isTrue();
  }
}
