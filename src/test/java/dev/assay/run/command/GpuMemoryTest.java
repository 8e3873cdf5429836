package dev.assay.run.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.random.Purpose;
import dev.assay.random.Streams;
import dev.assay.run.gpu.GpuDemand;
import dev.assay.sampler.Trials;
import dev.assay.space.Configuration;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.trial.Cause;
import dev.assay.trial.Objective;
import dev.assay.trial.Outcome;
import dev.assay.trial.Proposal;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GpuMemoryTest {
  private static final double GIB = 0x1p30;
  private static final long CARD = 24L << 30;

  private static final SearchSpace SPACE =
      SearchSpace.builder()
          .add("batch", new IntRange(8, 512))
          .add("width", new IntRange(64, 2048))
          .build();

  private static final List<Objective> LOSS = List.of(Objective.minimize("loss"));

  private static final GpuDemand LEARNED = new GpuDemand(0.25, 0, true, null, Map.of());

  /// 0.5 GiB for the context, and activations.
  private static double bytes(Configuration c) {
    return GIB * (0.5 + 1.5e-5 * c.number("batch") * c.number("width"));
  }

  private static List<Configuration> drawn(int count, long seed) {
    var random = new Streams(seed).stream(0, Purpose.PROPOSAL);
    var drawn = new ArrayList<Configuration>();
    for (int i = 0; i < count; i++) {
      drawn.add(SPACE.draw(random));
    }
    return drawn;
  }

  private static GpuMemory learnt(int count) {
    var memory = new GpuMemory(SPACE, LOSS, List.of());
    drawn(count, 1).forEach(c -> memory.note(c, bytes(c)));
    return memory;
  }

  @Test
  void theFirstTrialsHaveTheirGpusToThemselves() {
    var some = SPACE.configuration(Map.of("batch", 32, "width", 128));
    var few = learnt(4).demand(LEARNED, some, CARD);
    assertThat(few.gpus()).isEqualTo(1);
    assertThat(few.memoryBytes()).isZero();
    assertThat(learnt(20).demand(LEARNED, some, CARD).gpus()).isEqualTo(0.25);
    assertThat(learnt(20).demand(GpuDemand.of(0, 0), some, CARD).gpus()).isZero();
  }

  @Test
  void whatIsPredictedIsSeldomTooLittleAndNotFarTooMuch() {
    var memory = learnt(30);
    int enough = 0;
    var others = drawn(200, 2);
    for (var other : others) {
      var demand = memory.demand(LEARNED, other, 0);
      enough += demand.memoryBytes() >= bytes(other) ? 1 : 0;
      assertThat((double) demand.memoryBytes()).isLessThan(2 * bytes(other));
    }
    assertThat(enough).isGreaterThanOrEqualTo(190);
  }

  @Test
  void whatFitsNowhereIsTriedAlone() {
    var largest = SPACE.configuration(Map.of("batch", 512, "width", 2048));
    assertThat(learnt(30).demand(LEARNED, largest, 8L << 30).gpus()).isEqualTo(1);
    assertThat(learnt(30).demand(LEARNED, largest, 0).gpus()).isEqualTo(0.25);
  }

  @Test
  void whereSizesHaveNoSayTheMostThatWasSeenIsNeeded() {
    var memory = new GpuMemory(SPACE, LOSS, List.of());
    drawn(8, 3).forEach(c -> memory.note(c, 2 * GIB));
    assertThat((double) memory.demand(LEARNED, drawn(1, 4).getFirst(), CARD).memoryBytes())
        .isBetween(2 * GIB, 2.5 * GIB);
  }

  /// A study that is gone on with knows what its trials used, but for those that had too little.
  @Test
  void earlierTrialsTeach() {
    var trials = new ArrayList<TrialRecord>();
    for (var c : drawn(12, 5)) {
      Map<String, Object> said = Map.of(GpuMemory.BYTES, bytes(c));
      var complete = Trials.complete(trials.size(), new Proposal(c), 1.0);
      boolean lacked = trials.size() % 2 == 1;
      trials.add(
          complete.ended(
              lacked ? Outcome.failed(Cause.OUT_OF_MEMORY, "") : Outcome.complete(1.0),
              List.of(),
              trials.size() == 0
                  ? Map.of(TrialRecord.METRICS, said)
                  : new java.util.HashMap<>(said),
              1));
    }
    assertThat(new GpuMemory(SPACE, LOSS, trials).measured()).isEqualTo(6);
  }

  @Test
  void whatIsNoAmountIsNotLearnt() {
    var memory = new GpuMemory(SPACE, LOSS, List.of());
    for (var c : drawn(6, 6)) {
      memory.note(c, 0);
      memory.note(c, -1);
      memory.note(c, Double.NaN);
      memory.note(c, Double.POSITIVE_INFINITY);
    }
    assertThat(memory.measured()).isZero();
    assertThat(memory.demand(LEARNED, drawn(1, 7).getFirst(), CARD).gpus()).isEqualTo(1);
  }
}
