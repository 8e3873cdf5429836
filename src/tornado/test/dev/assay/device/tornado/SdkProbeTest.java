package dev.assay.device.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SdkProbeTest {
  private static String reason(@Nullable String home, boolean started) {
    return Objects.requireNonNull(SdkProbe.look(home, started)).reason();
  }

  private static void sdk(Path home, String version) throws IOException {
    var etc = Files.createDirectories(home.resolve("etc"));
    Files.writeString(etc.resolve("tornado.release"), "version=" + version + "\n");
    Files.writeString(etc.resolve("tornado.backend"), "tornado.backends=opencl-backend\n");
  }

  @Test
  void whatIsMissingIsNamed(@TempDir Path home) throws IOException {
    assertThat(reason(null, false)).contains("not set");
    assertThat(reason(home.resolve("nothing").toString(), false)).contains("There is no");
    sdk(home, "4.0.1-jdk21");
    assertThat(reason(home.toString(), true)).contains("version 4.0.1-jdk21");
    sdk(home, "5.2.0-jdk25");
    assertThat(reason(home.toString(), false)).contains("started without");
    assertThat(SdkProbe.look(home.toString(), true)).isNull();
  }
}
