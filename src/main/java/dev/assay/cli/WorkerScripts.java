package dev.assay.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// What clusters are told to start workers.
final class WorkerScripts {
  /// Seconds between SIGTERM and SIGKILL: a worker ends its programs and gives its trials back.
  private static final int GRACE_SECONDS = 90;

  private WorkerScripts() {}

  /// The command of a worker, for a POSIX shell.
  static String work(String url, WorkerWishes wishes) {
    return quoted(wishes.program)
        + " work "
        + quoted(url)
        + " --quiet"
        + (wishes.parallel == null ? "" : " --parallel " + wishes.parallel);
  }

  /// A word that a POSIX shell takes as it is.
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:@%+,=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /// A job array: one worker each. One that is ended before the study is (time limit, preemption)
  /// gives its trials back and is queued again.
  static String slurm(String url, WorkerWishes wishes) {
    return """
    #!/bin/bash
    #SBATCH --job-name=assay
    #SBATCH --array=1-%d
    #SBATCH --output=assay-%%A_%%a.log
    #SBATCH --signal=B:TERM@%d
    #SBATCH --requeue
    %s# Add what your cluster wants: --partition, --time, --mem, --cpus-per-task.
    # ASSAY_TOKEN (http) or PGPASSWORD (postgresql) come from the environment of sbatch.
    set -u
    stopped=
    trap 'stopped=1; kill -TERM "$worker" 2>/dev/null' TERM
    %s &
    worker=$!
    code=0
    wait "$worker" || code=$?
    while kill -0 "$worker" 2>/dev/null; do # the signal ended the waiting, not the worker
      wait "$worker"
      code=$?
    done
    if [ -n "$stopped" ] && [ -n "${SLURM_JOB_ID-}" ]; then
      scontrol requeue "$SLURM_JOB_ID"
    fi
    exit "$code"
    """
        .formatted(
            wishes.count,
            GRACE_SECONDS,
            wishes.gpus == 0 ? "" : "#SBATCH --gpus-per-task=" + wishes.gpus + "\n",
            work(url, wishes));
  }

  /// An indexed Job: a pod for each worker. Pods that a node takes along are made anew; one that is
  /// refused, since its image has another version or lacks something, is not.
  static String kubernetes(String url, WorkerWishes wishes) {
    var container = new LinkedHashMap<String, @Nullable Object>();
    container.put("name", "worker");
    container.put("image", wishes.image);
    container.put("command", List.of("sh", "-c", "exec " + work(url, wishes)));
    container.put(
        "env", List.of(secret("ASSAY_TOKEN", "token"), secret("PGPASSWORD", "pgpassword")));
    if (wishes.gpus > 0) {
      container.put("resources", Map.of("limits", Map.of("nvidia.com/gpu", wishes.gpus)));
    }
    var pod = new LinkedHashMap<String, @Nullable Object>();
    pod.put("restartPolicy", "Never");
    pod.put("terminationGracePeriodSeconds", GRACE_SECONDS);
    pod.put("containers", List.of(container));
    var spec = new LinkedHashMap<String, @Nullable Object>();
    spec.put("completionMode", "Indexed");
    spec.put("completions", wishes.count);
    spec.put("parallelism", wishes.count);
    spec.put("backoffLimitPerIndex", 10);
    spec.put("maxFailedIndexes", wishes.count);
    spec.put("podFailurePolicy", Map.of("rules", List.of(disrupted(), refused())));
    spec.put("template", Map.of("spec", pod));
    var job = new LinkedHashMap<String, @Nullable Object>();
    job.put("apiVersion", "batch/v1");
    job.put("kind", "Job");
    job.put("metadata", Map.of("name", "assay-" + Integer.toHexString(url.hashCode())));
    job.put("spec", spec);
    return "# kubectl create secret generic assay --from-literal=token=... (or pgpassword=...)\n"
        + YAMLMapper.builder().build().writeValueAsString(job).replaceFirst("^---\n", "");
  }

  private static Map<String, @Nullable Object> secret(String variable, String key) {
    var reference = new LinkedHashMap<String, @Nullable Object>();
    reference.put("name", "assay");
    reference.put("key", key.toLowerCase(Locale.ROOT));
    reference.put("optional", true);
    var entry = new LinkedHashMap<String, @Nullable Object>();
    entry.put("name", variable);
    entry.put("valueFrom", Map.of("secretKeyRef", reference));
    return entry;
  }

  private static Map<String, @Nullable Object> disrupted() {
    var rule = new LinkedHashMap<String, @Nullable Object>();
    rule.put("action", "Ignore");
    rule.put("onPodConditions", List.of(Map.of("type", "DisruptionTarget", "status", "True")));
    return rule;
  }

  private static Map<String, @Nullable Object> refused() {
    var rule = new LinkedHashMap<String, @Nullable Object>();
    rule.put("action", "FailIndex");
    rule.put(
        "onExitCodes",
        Map.of("containerName", "worker", "operator", "In", "values", List.of(ExitCode.BAD_INPUT)));
    return rule;
  }
}
