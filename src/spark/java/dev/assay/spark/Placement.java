package dev.assay.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/// A Spark application whose tasks are workers of a study. Started through
/// `org.apache.spark.deploy.SparkSubmit`, so that master, settings and clusters are as Spark users
/// know them. Reads [Wanted] and ends with its input.
public final class Placement {
  static final String GROUP = "assay";

  private static final String PROGRAM_ARCHIVES = "spark.archives";

  /// How long nothing may be heard of an executor before that is said.
  private static final long SILENCE_SECONDS = 60;

  /// Between two looks at what the cluster has.
  private static final long LOOK_SECONDS = 2;

  private Placement() {}

  /// Takes no words.
  public static void main(String[] words) throws Exception {
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var wanted = Wanted.read(input);
    var voice = new Voice(System.out);
    System.setOut(System.err); // whatever else is printed is log
    JavaSparkContext context;
    try {
      context = new JavaSparkContext(settings(new SparkConf(), wanted));
    } catch (Exception e) {
      voice.problem(
          "Spark does not take the workers.",
          e.getMessage() == null ? e.toString() : e.getMessage(),
          "Mend --on or the setting (--conf KEY=VALUE).");
      System.exit(1);
      return;
    }
    try (context) {
      place(context, wanted, voice, input);
    }
    System.exit(0); // whatever threads Spark has left
  }

  private static void place(
      JavaSparkContext context, Wanted wanted, Voice voice, BufferedReader input)
      throws InterruptedException {
    var url = url(wanted, context.getConf());
    voice.note(
        "Workers are placed by Spark: " + context.sc().applicationId() + " at " + context.master());
    var task = new WorkerTask(url, wanted);
    var slots =
        new Slots(
            wanted.workers(),
            slot -> run(context, task, slot, wanted),
            () -> context.sc().isStopped(),
            voice,
            Placement::pause);
    var watch = new Thread(() -> watch(context, wanted, voice), "assay-watch");
    watch.setDaemon(true);
    watch.start();
    var ending =
        new Thread(
            () -> {
              awaitEnd(input);
              slots.close();
              context.sc().cancelJobGroup(GROUP);
            },
            "assay-end");
    ending.setDaemon(true);
    ending.start();
    slots.run();
  }

  private static Ending run(JavaSparkContext context, WorkerTask task, int slot, Wanted wanted) {
    context.setJobGroup(GROUP, "worker " + slot + " of " + wanted.study(), true);
    return context.parallelize(List.of(slot), 1).mapPartitions(task).collect().get(0);
  }

  /// What Spark has to be told, where the user has not said otherwise.
  static SparkConf settings(SparkConf conf, Wanted wanted) {
    conf.setAppName("assay " + wanted.study());
    conf.set("spark.task.maxFailures", "1"); // retries are the study's
    conf.set("spark.speculation", "false"); // a second worker is no copy of the first
    if (wanted.travels()) {
      var archives = conf.get(PROGRAM_ARCHIVES, "");
      conf.set(
          PROGRAM_ARCHIVES,
          (archives.isEmpty() ? "" : archives + ",")
              + wanted.program()
              + "#"
              + WorkerTask.UNPACKED);
    }
    int cpus = Integer.parseInt(conf.get("spark.task.cpus", "1"));
    if (wanted.gpus() > 0) {
      conf.setIfMissing("spark.task.resource.gpu.amount", amount(wanted.gpus()));
      conf.setIfMissing("spark.executor.resource.gpu.amount", amount(Math.ceil(wanted.gpus())));
    }
    boolean dynamic = conf.getBoolean("spark.dynamicAllocation.enabled", false);
    if (dynamic) { // there is no shuffle whose files anybody would miss
      conf.setIfMissing("spark.dynamicAllocation.shuffleTracking.enabled", "true");
    }
    if (conf.get("spark.master", "").startsWith("spark:")) {
      conf.setIfMissing("spark.cores.max", Integer.toString(wanted.workers() * cpus));
    } else if (!dynamic) {
      int cores = Integer.parseInt(conf.get("spark.executor.cores", "1"));
      int each = Math.max(1, cores / cpus);
      conf.setIfMissing(
          "spark.executor.instances", Integer.toString((wanted.workers() + each - 1) / each));
    }
    return conf;
  }

  private static String amount(double gpus) {
    return gpus == Math.rint(gpus) ? Long.toString((long) gpus) : Double.toString(gpus);
  }

  /// Where executors reach Spark's driver they reach the study's owner, who runs beside it.
  static String url(Wanted wanted, SparkConf conf) {
    if (!wanted.url().isEmpty()) {
      return wanted.url();
    }
    var host = conf.get("spark.driver.host");
    boolean bare = host.contains(":") && !host.startsWith("[");
    return "http://" + (bare ? "[" + host + "]" : host) + ":" + wanted.port() + "/";
  }

  /// Says why there is no executor: at once where the cluster has no machine for one, and after a
  /// while in any case.
  private static void watch(JavaSparkContext context, Wanted wanted, Voice voice) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SILENCE_SECONDS);
    var executor = Offers.wanted(context.getConf(), context.sc().executorMemory());
    boolean isMissed = false;
    try {
      while (isWaiting(context) && System.nanoTime() < end) {
        var missing = Offers.missing(executor, Offers.of(context.sc()));
        if (missing != null && isMissed) {
          voice.problem(
              "No machine of the cluster has what an executor wants.",
              missing,
              "Ask for less (gpus: in the study file, --conf spark.executor.memory=... or"
                  + " .cores=...), or start such a worker of Spark; the same command goes on.");
          return;
        }
        isMissed = missing != null; // twice: a cluster may just be starting
        TimeUnit.SECONDS.sleep(LOOK_SECONDS);
      }
      if (isWaiting(context)) {
        voice.note(
            "No executor of Spark has come up within "
                + SILENCE_SECONDS
                + " s. Asked for: "
                + wanted.workers()
                + " tasks of "
                + context.getConf().get("spark.task.cpus", "1")
                + " cores"
                + (wanted.gpus() > 0 ? " and " + amount(wanted.gpus()) + " GPUs" : "")
                + ". Where the cluster is not just busy, it has no machine with so much: see its"
                + " page.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isWaiting(JavaSparkContext context) {
    return !context.sc().isStopped()
        && context.statusTracker().getExecutorInfos().length < 2 // the first one is the driver
        && !context.master().matches("local(\\[.*)?");
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitEnd(BufferedReader input) {
    try {
      while (input.readLine() != null) {}
    } catch (IOException e) {
      // whoever wanted this is gone
    }
  }
}
