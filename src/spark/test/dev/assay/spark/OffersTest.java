package dev.assay.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.spark.Offers.Share;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class OffersTest {
  @Test
  void anExecutorTakesAtLeastATasksCores() {
    var conf = new SparkConf(false).set("spark.task.cpus", "2");
    assertThat(Offers.wanted(conf, 1024)).isEqualTo(new Share(2, 1024, 0));
    conf.set("spark.executor.cores", "8").set("spark.executor.resource.gpu.amount", "4");
    assertThat(Offers.wanted(conf, 512)).isEqualTo(new Share(8, 512, 4));
  }

  @Test
  void nothingIsMissedWhereOneMachineHasAllOfIt() {
    var machines = List.of(new Share(1, 512, 0), new Share(4, 2048, 2));
    assertThat(Offers.missing(new Share(4, 2048, 2), machines)).isNull();
  }

  @Test
  void twoMachinesThatHaveItBetweenThemDoNotHaveIt() {
    var machines = List.of(new Share(8, 512, 0), new Share(1, 512, 2));
    assertThat(Offers.missing(new Share(2, 512, 1), machines))
        .contains("2 cores, 512 MiB, 1 GPU")
        .contains("machines registered: 2")
        .contains("1 core, 512 MiB, 2 GPUs")
        .contains("8 cores, 512 MiB, no GPU");
  }

  @Test
  void everyKindOfShortageIsSeen() {
    var machine = List.of(new Share(2, 1024, 1));
    assertThat(Offers.missing(new Share(3, 1, 0), machine)).isNotNull();
    assertThat(Offers.missing(new Share(1, 1025, 0), machine)).isNotNull();
    assertThat(Offers.missing(new Share(1, 1, 2), machine)).isNotNull();
  }

  @Test
  void aClusterOfWhichNothingIsKnownIsNotBlamed() {
    assertThat(Offers.missing(new Share(1, 1, 1), List.of())).isNull();
  }
}
