package dev.assay.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private static final Ending DONE = new Ending(Ending.DONE, "");

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final AtomicInteger runs = new AtomicInteger();

  private String run(int slots, boolean sparkEnded, IntFunction<Ending> worker) throws Exception {
    var voice = new Voice(new PrintStream(said, true, StandardCharsets.UTF_8));
    IntFunction<Ending> counted =
        slot -> {
          runs.incrementAndGet();
          return worker.apply(slot);
        };
    new Slots(slots, counted, () -> sparkEnded, voice, () -> {}).run();
    return said.toString(StandardCharsets.UTF_8);
  }

  private static IntFunction<Ending> inTurn(Ending... endings) {
    var left = new ArrayDeque<>(List.of(endings));
    return slot -> {
      synchronized (left) {
        return left.isEmpty() ? DONE : left.remove();
      }
    };
  }

  @Test
  void whoIsDoneIsNotReplaced() throws Exception {
    assertThat(run(3, false, slot -> DONE)).isEmpty();
    assertThat(runs).hasValue(3);
  }

  @Test
  void whoIsLostIsReplacedWhateverTheOthersDo() throws Exception {
    var left = inTurn(new Ending(137, "killed"), new Ending(137, "again"));
    assertThat(run(1, false, left))
        .isEqualTo(
            "note A worker ended with 137 and is replaced: killed\n"
                + "note A worker ended with 137 and is replaced: again\n");
    assertThat(runs).hasValue(3);
  }

  @Test
  void whatSparkSaysOfALostExecutorIsPassedOn() throws Exception {
    var first = new AtomicInteger();
    assertThat(
            run(
                1,
                false,
                slot -> {
                  if (first.getAndIncrement() == 0) {
                    throw SlotsTest.<RuntimeException>undeclared(
                        new IOException("Executor 1 is lost\nat some place"));
                  }
                  return DONE;
                }))
        .isEqualTo("note Spark lost a worker; its trials are run again: Executor 1 is lost\n");
  }

  /// As Scala throws what it does not declare.
  @SuppressWarnings("unchecked")
  private static <E extends Exception> E undeclared(Exception e) throws E {
    throw (E) e;
  }

  @Test
  void whoIsRefusedIsNotReplacedAndTheLastOneEndsAll() throws Exception {
    var text = run(2, false, slot -> new Ending(Ending.REFUSED, "error: another version"));
    assertThat(runs).hasValue(2);
    assertThat(text)
        .contains("not replaced, since it was refused: error: another version (1 are left)")
        .endsWith(
            "problem No worker may run the study's trials.\terror: another version\t"
                + "Mend that where executors run.\n");
  }

  @Test
  void aProgramThatIsNotThereIsSaid() throws Exception {
    assertThat(run(1, false, slot -> new Ending(Ending.NO_PROGRAM, "/opt/assay")))
        .startsWith("problem Executors find no Assay to run workers with.\t/opt/assay\t");
  }

  @Test
  void workersThatDoNothingEndAll() throws Exception {
    assertThat(run(2, false, slot -> new Ending(1, "no memory")))
        .contains("problem Workers end as soon as they begin.\texit code 1: no memory\t");
    assertThat(runs.get()).isBetween(7, 8);
  }

  @Test
  void whereSparkHasEndedNobodyIsReplaced() throws Exception {
    assertThat(run(1, true, slot -> new Ending(1, "Master removed our application")))
        .startsWith("problem Spark has ended the application.\tMaster removed our application\t");
    assertThat(runs).hasValue(1);
  }
}
