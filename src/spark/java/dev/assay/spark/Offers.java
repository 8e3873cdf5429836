package dev.assay.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.deploy.DeployMessages;
import org.apache.spark.rpc.RpcAddress$;
import org.jspecify.annotations.Nullable;
import scala.reflect.ClassTag$;

/// What the machines of a standalone cluster have, as its master says, against what an executor
/// wants: Spark itself would wait for ever, in silence.
final class Offers {
  private static final String STANDALONE = "spark://";

  /// A machine, or what an executor wants of one.
  ///
  /// @param memory in MiB
  record Share(int cores, int memory, int gpus) {
    boolean holds(Share wanted) {
      return cores >= wanted.cores && memory >= wanted.memory && gpus >= wanted.gpus;
    }

    @Override
    public String toString() {
      return cores
          + (cores == 1 ? " core, " : " cores, ")
          + memory
          + " MiB, "
          + (gpus == 0 ? "no GPU" : gpus + (gpus == 1 ? " GPU" : " GPUs"));
    }
  }

  private Offers() {}

  /// What an executor takes of a machine at least.
  static Share wanted(SparkConf conf, int memory) {
    int cores = Integer.parseInt(conf.get("spark.task.cpus", "1"));
    cores = Integer.parseInt(conf.get("spark.executor.cores", Integer.toString(cores)));
    var gpus = conf.get("spark.executor.resource." + WorkerTask.GPU + ".amount", "0");
    return new Share(cores, memory, Integer.parseInt(gpus));
  }

  /// The machines that have registered, busy or not; empty where that cannot be known.
  static List<Share> of(SparkContext context) {
    var machines = new ArrayList<Share>();
    var master = context.master();
    if (!master.startsWith(STANDALONE)) {
      return machines;
    }
    for (var address : master.substring(STANDALONE.length()).split(",")) {
      try { // of several masters only the one that leads knows of machines
        var state = state(context, STANDALONE + address);
        for (var worker : state.workers()) {
          if (worker.isAlive()) {
            var gpus = worker.resources().get(WorkerTask.GPU);
            int count = gpus.isEmpty() ? 0 : gpus.get().addresses().size();
            machines.add(new Share(worker.cores(), worker.memory(), count));
          }
        }
      } catch (Exception | LinkageError e) { // inner matters of Spark, of whatever version it is
        System.err.println("What the machines of " + address + " have is not known: " + e);
      }
    }
    return machines;
  }

  private static DeployMessages.MasterStateResponse state(SparkContext context, String url) {
    var endpoint =
        context.env().rpcEnv().setupEndpointRef(RpcAddress$.MODULE$.fromSparkURL(url), "Master");
    return endpoint.askSync(
        DeployMessages.RequestMasterState$.MODULE$,
        ClassTag$.MODULE$.apply(DeployMessages.MasterStateResponse.class));
  }

  /// What is wanted and what there is instead, where no machine can ever hold an executor; null
  /// where one can, or no machine is known.
  static @Nullable String missing(Share wanted, List<Share> machines) {
    if (machines.isEmpty() || machines.stream().anyMatch(machine -> machine.holds(wanted))) {
      return null;
    }
    var kinds = machines.stream().map(Share::toString).distinct().sorted().limit(5).toList();
    return "an executor wants "
        + wanted
        + "; machines registered: "
        + machines.size()
        + " ("
        + String.join("; ", kinds)
        + ")";
  }
}
