package dev.assay.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A study for a [KillDrill]. Its trials are shell scripts, which leave processes behind and notice
/// when they run while an earlier run of the same trial lives.
enum DrilledStudy {
  /// One process; the same trials as without kills, and the same confirmations.
  CHILDREN(
      1,
      """
      sampler: {tpe: {start: 8}}
      schedule: batch
      batch: 4
      budget: {trials: %d}
      confirm: {runs: 2, finalists: 2}
      """,
      "sleep %s\n"),

  /// Two processes on one study.
  SHARED(
      2,
      """
      sampler: {tpe: {start: 8}}
      budget: {trials: %d}
      confirm: {runs: 2, finalists: 2}
      """,
      "sleep %s\n"),

  /// Population based training, whose checkpoints have a link to the last step.
  POPULATION(
      1,
      """
      sampler: {pbt: {population: 4, interval: 2, steps: %d}}
      """,
      """
      cd "$ASSAY_CHECKPOINT_DIR" || exit 8
      at=0
      [ ! -h latest ] || at=$(cat latest/step) || exit 9
      [ "$at" = "$ASSAY_START_STEP" ] || exit 10
      next=step_$ASSAY_STOP_STEP
      mkdir $next || exit 11
      [ "$at" = 0 ] || cp latest/lineage $next || exit 12
      sleep %s
      echo $ASSAY_TRIAL >> $next/lineage
      echo $ASSAY_STOP_STEP > $next/step
      ln -sfn $next latest
      [ "$at" = 0 ] || rm -r step_$at
      """),

  /// Trainings that are paused and gone on with.
  PAUSED(
      1,
      """
      sampler: {freeze_thaw: {steps: 20, starts: 4}}
      schedule: batch
      batch: 2
      budget: {trials: %d}
      """,
      """
      cd "$ASSAY_CHECKPOINT_DIR" || exit 8
      at=$(cat step 2>/dev/null || echo 0)
      [ "$at" = "$ASSAY_START_STEP" ] || exit 10
      sleep %s
      echo $ASSAY_TRIAL >> lineage
      echo $ASSAY_STOP_STEP > step
      """);

  static final int MEMBERS = 4;

  /// Trials beside the budget: runs of finalists.
  private static final int CONFIRMATIONS = 4;

  private static final int INTERVAL = 2;

  /// What each trial does first. One in five has a child that has to be killed.
  private static final String CHILDREN_OF_TRIALS =
      """
      if [ -f "$ASSAY_TRIAL_DIR/runs" ]; then
        before=$(cat "$ASSAY_TRIAL_DIR/runs")
        if kill -0 $before 2>/dev/null && ! grep -q 'State:.Z' /proc/$before/status 2>/dev/null; then
          echo "trial $ASSAY_TRIAL runs twice at once" >> "$ASSAY_TRIAL_DIR/../overlaps"
        fi
      fi
      echo $$ > "$ASSAY_TRIAL_DIR/runs"
      sleep 600 &
      (sleep 600 & sleep 600) &
      if command -v setsid >/dev/null; then setsid sleep 600 & fi
      if [ $((ASSAY_TRIAL % 5)) = 0 ]; then (trap '' TERM; sleep 600) & fi
      """;

  private final int processes;
  private final String search;
  private final String work;

  /// @param search with a place for the number of its trials, or of steps
  /// @param work of a trial, with a place for the seconds that it takes
  DrilledStudy(int processes, String search, String work) {
    this.processes = processes;
    this.search = search;
    this.work = work;
  }

  int processes() {
    return processes;
  }

  /// Whether the trials are the same however the study is interrupted.
  boolean repeats() {
    return processes == 1;
  }

  void write(Path directory, int trials, double seconds) throws IOException {
    Files.createDirectory(directory.resolve("temporary"));
    Files.writeString(
        directory.resolve("trial.sh"),
        CHILDREN_OF_TRIALS + work.formatted(seconds) + "echo \"@assay {\\\"loss\\\": $1}\"\n");
    Files.writeString(
        directory.resolve("study.yaml"),
        """
        name: drill
        objective:
          command: [sh, %s, "{x}"]
          grace: 300ms
        minimize: loss
        space: {x: {float: [0.5, 1]}}
        parallel: 2
        seed: 4
        """
                .formatted(directory.resolve("trial.sh"))
            + search.formatted(
                switch (this) {
                  case POPULATION -> trials / MEMBERS * INTERVAL;
                  case PAUSED -> trials;
                  case CHILDREN, SHARED -> trials - CONFIRMATIONS;
                }));
  }
}
