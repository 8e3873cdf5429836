package dev.assay.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What keeps a file that is there from being started is named.
@EnabledOnOs({OS.LINUX, OS.MAC})
class InterpreterTest {
  @TempDir Path directory;

  private @Nullable String missing(String text) throws IOException {
    var file = Files.writeString(directory.resolve("train.py"), text);
    return Interpreter.missing(file, Map.of("PATH", "/usr/bin:/bin"), directory);
  }

  @Test
  void whatCanBeStartedLacksNothing() throws IOException {
    for (var text :
        new String[] {
          "#!/bin/sh\necho\n",
          "#! /bin/sh -e\n",
          "#!/bin/sh",
          "#!/usr/bin/env sh\n",
          "#!/usr/bin/env -S sh -e\n",
          "#!/usr/bin/env -S A=1 sh -e\n",
          "#!/usr/bin/env -i sh\n",
          "#!/usr/bin/perl -w\r\n",
          "#!\n",
          "echo\r\n",
          "",
          "\u007fELF",
        }) {
      if (!text.contains("perl") || Files.exists(Path.of("/usr/bin/perl"))) {
        assertThat(missing(text)).as(text).isNull();
      }
    }
    assertThat(Interpreter.missing(directory.resolve("none"), Map.of(), directory)).isNull();
    assertThat(Interpreter.missing(directory, Map.of(), directory)).isNull();
  }

  @Test
  void theInterpreterIsNamed() throws IOException {
    assertThat(missing("#!/opt/none/python3.99 -u\nx"))
        .contains("interpreter /opt/none/python3.99");
    assertThat(missing("#!none/python\n")).contains("none/python", "not there");
    assertThat(missing("#!/\n")).contains("not executable");
    assertThat(missing("#!/usr/bin/env python3.99\n")).contains("python3.99", "not in PATH");
    assertThat(missing("#!/usr/bin/env -S python3.99 -u\n")).contains("python3.99", "not in PATH");
    assertThat(missing("#!/usr/bin/env ./python\n")).contains("./python", "not there");
    var wrapper = Files.writeString(directory.resolve("wrapper"), "#!/opt/none/inner\n");
    assertThat(wrapper.toFile().setExecutable(true)).isTrue();
    assertThat(missing("#!" + wrapper + "\n")).contains("/opt/none/inner");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void envTakesOneName() throws IOException {
    assertThat(missing("#!/usr/bin/env sh -e\n")).contains("\"sh -e\"", "env -S sh -e");
  }

  @Test
  void windowsLineEndsAreNamed() throws IOException {
    assertThat(missing("#!/bin/sh\r\necho\r\n")).contains("Windows line ends", "/bin/sh\\r");
    assertThat(missing("#!/usr/bin/env python3\r\n")).contains("env python3\\r");
    assertThat(missing("#!/bin/bash -e\r\n")).contains("/bin/bash -e\\r");
    assertThat(missing("\ufeff#!/bin/sh\n")).contains("byte order mark");
  }

  @Test
  void theLoaderIsNamed() throws IOException {
    var name = "/lib/ld-none.so.1".getBytes(StandardCharsets.UTF_8);
    var elf = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1}).putLong(32, 64).putShort(56, (short) 2);
    elf.putInt(64, 1).putInt(120, 3).putLong(128, 300).putLong(152, name.length + 1);
    elf.put(300, name);
    var file = Files.write(directory.resolve("a.out"), elf.array());
    assertThat(Interpreter.missing(file, Map.of(), directory))
        .contains("/lib/ld-none.so.1", "another system");
    for (int at : new int[] {32, 128, 152}) { // places beyond the file
      var broken = ByteBuffer.wrap(elf.array().clone()).order(ByteOrder.LITTLE_ENDIAN);
      for (long value : new long[] {Long.MAX_VALUE, -1, 511}) {
        Files.write(file, broken.putLong(at, value).array());
        assertThat(Interpreter.missing(file, Map.of(), directory)).isNull();
      }
    }
  }
}
