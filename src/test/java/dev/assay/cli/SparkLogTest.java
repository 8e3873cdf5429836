package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkLogTest {
  @TempDir Path directory;

  private String reason(String log) throws IOException {
    return String.valueOf(SparkLog.reason(Files.writeString(directory.resolve("spark.log"), log)));
  }

  @Test
  void whatWasThrownIsTheReason() throws Exception {
    assertThat(
            reason(
                """
                26/11/30 03:54:30 ERROR SparkContext: Error initializing SparkContext.
                Exception in thread "main" org.apache.spark.SparkException: When running with master 'yarn' either HADOOP_CONF_DIR or YARN_CONF_DIR must be set in the environment.
                \tat org.apache.spark.deploy.SparkSubmit.error(SparkSubmit.scala:1068)
                """))
        .isEqualTo(
            "When running with master 'yarn' either HADOOP_CONF_DIR or YARN_CONF_DIR must be set in"
                + " the environment.");
  }

  @Test
  void elseWhyTheClusterEndedIt() throws Exception {
    assertThat(
            reason(
                """
                26/11/30 03:55:20 WARN StandaloneSchedulerBackend: Application ID is not initialized yet.
                26/11/30 03:55:21 ERROR StandaloneSchedulerBackend: Application has been killed. Reason: All masters are unresponsive! Giving up.
                26/11/30 03:55:22 ERROR Inbox: Ignoring error
                """))
        .isEqualTo("All masters are unresponsive! Giving up.");
  }

  @Test
  void elseTheLastError() throws Exception {
    assertThat(reason("26/11/30 03:55:20 ERROR A: one\n26/11/30 03:55:21 ERROR B: two\n"))
        .isEqualTo("B: two");
    assertThat(SparkLog.reason(directory.resolve("none"))).isNull();
    assertThat(reason("26/11/30 03:55:20 INFO A: well\n")).isEqualTo("null");
  }
}
