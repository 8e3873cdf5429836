package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class TerminalLogTest {
  private static String said(java.util.function.Consumer<Logger> work) {
    var log = new TerminalLog();
    log.initialize();
    var bytes = new ByteArrayOutputStream();
    var before = System.err;
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      work.accept(log.getLoggerFactory().getLogger("dev.assay.storage.SqlWorkers"));
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aWarningIsALineWithItsClassAndItsArguments() {
    assertThat(said(log -> log.warn("Process {} runs {} too.", 7, "digits")))
        .isEqualTo("WARN  SqlWorkers: Process 7 runs digits too." + System.lineSeparator());
  }

  @Test
  void anErrorBringsItsTrace() {
    assertThat(said(log -> log.error("unexpected", new IllegalStateException("why"))))
        .startsWith("ERROR SqlWorkers: unexpected")
        .contains("java.lang.IllegalStateException: why")
        .contains("at " + TerminalLogTest.class.getName());
  }

  @Test
  void whatIsBelowTheLevelIsNotSaid() {
    assertThat(said(log -> log.info("looked"))).isEmpty();
    assertThat(TerminalLog.level("debug")).isLessThan(TerminalLog.level(null));
    assertThat(TerminalLog.level("loud")).isEqualTo(TerminalLog.level("WARN"));
    assertThat(TerminalLog.level("off")).isGreaterThan(TerminalLog.level("error"));
  }

  @Test
  void allLoggersOfANameAreOne() {
    var factory = new TerminalLog().getLoggerFactory();
    assertThat(factory.getLogger("a")).isSameAs(factory.getLogger("a"));
  }
}
