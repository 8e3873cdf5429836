package dev.assay.internal.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotePaceTest {
  @Test
  void whoIsAloneSpeaksAsOftenAsItMay() {
    var pace = new NotePace();
    for (int i = 0; i < 20; i++) {
      assertThat(pace.next(1, NotePace.SHORTEST)).isEqualTo(NotePace.SHORTEST);
    }
  }

  @Test
  void afterAStormItIsAsQuickAsBefore() {
    var pace = new NotePace();
    for (int i = 0; i < 20; i++) {
      pace.next(10_000, Duration.ofSeconds(1));
    }
    assertThat(pace.next(10_000, Duration.ofSeconds(1))).isEqualTo(NotePace.LONGEST);
    var pause = NotePace.LONGEST;
    for (int i = 0; i < 5; i++) {
      pause = pace.next(1, Duration.ofSeconds(1));
    }
    assertThat(pause).isEqualTo(NotePace.SHORTEST);
  }

  /// All always have something to say, each on a clock that all share.
  @ParameterizedTest
  @ValueSource(ints = {1, 8, 32, 100})
  void togetherTheyKeepARate(int processes) {
    class Speaker {
      final NotePace pace = new NotePace();
      long at;
      long since;
      long heard;
    }
    var speakers = new PriorityQueue<Speaker>(Comparator.comparingLong(speaker -> speaker.at));
    for (int i = 0; i < processes; i++) {
      var speaker = new Speaker();
      speaker.at = i * 100_000L;
      speakers.add(speaker);
    }
    long all = 0;
    var spoken = new ArrayList<Long>();
    while (true) {
      var speaker = speakers.remove();
      if (speaker.at > 10_000_000_000L) {
        break;
      }
      all++;
      spoken.add(speaker.at);
      var time = Duration.ofNanos(speaker.at - speaker.since);
      var pause = speaker.pace.next(all - speaker.heard, time);
      speaker.since = speaker.at;
      speaker.heard = all;
      speaker.at += pause.toNanos();
      speakers.add(speaker);
    }
    long last = spoken.stream().filter(at -> at > 5_000_000_000L).count();
    double most = Math.min(NotePace.RATE, processes / (NotePace.SHORTEST.toMillis() * 1e-3));
    assertThat(last / 5.0).isBetween(0.7 * most, 1.3 * most);
  }
}
