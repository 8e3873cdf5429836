package dev.assay.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.StringReader;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static Wanted wanted(int workers, double gpus, String program) {
    return new Wanted("digits", "", 4711, "t", workers, gpus, program);
  }

  private static SparkConf conf(String... pairs) {
    var conf = new SparkConf(false);
    for (int i = 0; i < pairs.length; i += 2) {
      conf.set(pairs[i], pairs[i + 1]);
    }
    return conf;
  }

  @Test
  void whatIsWantedIsRead() throws Exception {
    var text = "study my study\nurl \nport 80\ntoken x\nworkers 3\ngpus 0.5\nprogram /a b\n\nmore";
    var input = new BufferedReader(new StringReader(text));
    assertThat(Wanted.read(input)).isEqualTo(new Wanted("my study", "", 80, "x", 3, 0.5, "/a b"));
    assertThat(input.readLine()).isEqualTo("more");
    assertThatThrownBy(() -> Wanted.read(new BufferedReader(new StringReader("study s\n\n"))))
        .hasMessageContaining("url");
    assertThat(wanted(1, 0, "/a")).asString().doesNotContain("t,");
  }

  @Test
  void retriesAndCopiesAreNotSparks() {
    var conf =
        Placement.settings(
            conf("spark.task.maxFailures", "4", "spark.speculation", "true"), wanted(2, 0, "/a"));
    assertThat(conf.get("spark.task.maxFailures")).isEqualTo("1");
    assertThat(conf.get("spark.speculation")).isEqualTo("false");
  }

  @Test
  void aClusterIsAskedForAsMuchAsWorkersNeed() {
    var standalone = Placement.settings(conf("spark.master", "spark://h:7077"), wanted(6, 0, "/a"));
    assertThat(standalone.get("spark.cores.max")).isEqualTo("6");
    assertThat(standalone.contains("spark.executor.instances")).isFalse();
    var yarn =
        Placement.settings(
            conf("spark.master", "yarn", "spark.executor.cores", "4", "spark.task.cpus", "2"),
            wanted(5, 0, "/a"));
    assertThat(yarn.get("spark.executor.instances")).isEqualTo("3");
    var dynamic =
        Placement.settings(
            conf("spark.master", "yarn", "spark.dynamicAllocation.enabled", "true"),
            wanted(5, 0, "/a"));
    assertThat(dynamic.contains("spark.executor.instances")).isFalse();
    assertThat(dynamic.get("spark.dynamicAllocation.shuffleTracking.enabled")).isEqualTo("true");
  }

  @Test
  void gpusOfTrialsAreThoseOfTasks() {
    var half = Placement.settings(conf("spark.master", "yarn"), wanted(2, 0.5, "/a"));
    assertThat(half.get("spark.task.resource.gpu.amount")).isEqualTo("0.5");
    assertThat(half.get("spark.executor.resource.gpu.amount")).isEqualTo("1");
    var said =
        Placement.settings(
            conf("spark.master", "yarn", "spark.executor.resource.gpu.amount", "8"),
            wanted(2, 2, "/a"));
    assertThat(said.get("spark.task.resource.gpu.amount")).isEqualTo("2");
    assertThat(said.get("spark.executor.resource.gpu.amount")).isEqualTo("8");
    assertThat(
            Placement.settings(conf("spark.master", "yarn"), wanted(2, 0, "/a"))
                .contains("spark.task.resource.gpu.amount"))
        .isFalse();
  }

  @Test
  void anArchiveTravelsBesideThoseOfTheUser() {
    var conf =
        Placement.settings(conf("spark.archives", "env.zip#env"), wanted(1, 0, "file:/b.tar.gz"));
    assertThat(conf.get("spark.archives")).isEqualTo("env.zip#env,file:/b.tar.gz#assay");
  }

  @Test
  void workersFindTheOwnerWhereExecutorsFindTheDriver() {
    assertThat(Placement.url(wanted(1, 0, "/a"), conf("spark.driver.host", "10.0.0.7")))
        .isEqualTo("http://10.0.0.7:4711/");
    assertThat(Placement.url(wanted(1, 0, "/a"), conf("spark.driver.host", "fd00::7")))
        .isEqualTo("http://[fd00::7]:4711/");
    var said = new Wanted("s", "http://me:1/", 1, "t", 1, 0, "/a");
    assertThat(Placement.url(said, conf())).isEqualTo("http://me:1/");
  }
}
