package dev.assay.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "executors run workers by a POSIX shell")
class WorkerTaskTest {
  @TempDir Path directory;

  private WorkerTask task(String script, double gpus) throws IOException {
    var program = Files.writeString(directory.resolve("assay"), "#!/bin/sh\n" + script + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return task(program, gpus);
  }

  private static WorkerTask task(Path program, double gpus) {
    return new WorkerTask(
        "http://owner:1/", new Wanted("s", "", 1, "secret", 2, gpus, program.toString()));
  }

  @Test
  void aWorkerKnowsItsOwnerAndItsGpus() throws Exception {
    var task = task("echo \"$@\"; echo $ASSAY_TOKEN $CUDA_VISIBLE_DEVICES $CUDA_DEVICE_ORDER", 2);
    assertThat(task.run(List.of("1", "3")))
        .isEqualTo(
            new Ending(
                0, "work http://owner:1/ --parallel 1 --quiet --gpus 1,3\nsecret 1,3 PCI_BUS_ID"));
  }

  @Test
  void aStudyWithoutGpusIsNotToldOfAny() throws Exception {
    assertThat(task("echo \"$@\"", 0).run(List.of("0")).said())
        .isEqualTo("work http://owner:1/ --parallel 1 --quiet");
  }

  @Test
  void withoutTheGpusThatItNeedsItDoesNotBegin() throws Exception {
    var ending = task("echo begun", 0.5).run(List.of());
    assertThat(ending.code()).isEqualTo(Ending.REFUSED);
    assertThat(ending.said()).contains("no GPU");
  }

  @Test
  void whatItEndedWithIsKnown() throws Exception {
    assertThat(task("echo refused >&2; exit 2", 0).run(List.of()))
        .isEqualTo(new Ending(2, "refused"));
    var missing = directory.resolve("nowhere");
    assertThat(task(missing, 0).run(List.of()))
        .isEqualTo(new Ending(Ending.NO_PROGRAM, missing.toString()));
  }

  /// The worker ends in order when its task is cancelled.
  @Test
  void whoIsCancelledGivesItsTrialsBack() throws Exception {
    var begun = directory.resolve("begun");
    var ended = directory.resolve("ended");
    var task =
        task(
            "trap 'echo given back >%s; exit 130' TERM; echo >%s; while :; do sleep 0.05; done"
                .formatted(ended, begun),
            0);
    var running = new FutureTask<>(() -> task.run(List.of()));
    var thread = new Thread(running);
    thread.start();
    while (!Files.exists(begun)) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    thread.join();
    assertThat(ended).hasContent("given back");
  }
}
