package dev.assay.ptx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What the translator reads, and what it refuses: with the line and a name, whatever the text.
class TranslateTest {
  private static final Path SHIPPED = Path.of("../kernels/ptx");
  private static final String HEAD = ".version 6.3\n.target sm_75\n.address_size 64\n";

  private static String c(String text) {
    return Translate.c(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String kernel(String statements) {
    return HEAD
        + ".extern .shared .align 16 .b8 window[];\n"
        + ".visible .entry k(.param .u64 p, .param .u32 q)\n"
        + "{\n"
        + ".reg .pred %p<3>;\n"
        + ".reg .b32 %r<5>;\n"
        + ".reg .b64 %rd<5>;\n"
        + ".reg .f64 %fd<5>;\n"
        + ".reg .f32 %f<5>;\n"
        + statements
        + "\nret;\n}\n";
  }

  static Stream<Path> shipped() throws IOException {
    try (Stream<Path> files = Files.list(SHIPPED)) {
      return files.filter(file -> file.toString().endsWith(".ptx")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void everyShippedModuleIsTranslated(Path file) throws IOException {
    var ptx = Files.readString(file, StandardCharsets.ISO_8859_1);
    var c = c(ptx);
    int kernels = ptx.split("\\.entry ").length - 1;
    assertThat(c.split("\\{\"\\w+\", \\d+, \\(const unsigned")).hasSize(kernels + 1);
    var instructions =
        Parser.parse(ptx).functions().stream()
            .flatMap(f -> f.body().stream().flatMap(java.util.List::stream))
            .filter(Program.Instruction.class::isInstance)
            .count();
    assertThat(c.lines().count()).isGreaterThan(instructions); // a line each
  }

  /// @param line of the statement, from 12 on
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wmma.load.a.sync.f16 %r1, [%rd1];     | opcode wmma.load.a.sync.f16 is not known",
        "add.ftz.f32 %f1, %f2, %f3;            | opcode add.ftz.f32 is not known",
        "ld.shared.nc.f64 %fd1, [%rd1];        | opcode ld.shared.nc.f64 is not known",
        "st.global.nc.f64 [%rd1], %fd1;        | opcode st.global.nc.f64 is not known",
        "ld.volatile.f64 %fd1, [%rd1];         | opcode ld.volatile.f64 is not known",
        "bar.sync 1;                           | opcode bar.sync is not known",
        "bar.red.popc.u32 %r1, 0, %p1;         | opcode bar.red.popc.u32 is not known",
        "atom.global.cas.b32 %r1, [%rd1], 1, 2;| opcode atom.global.cas.b32 is not known",
        "shfl.sync.bfly.b64 %r1, %r1, 1, 31, -1;| opcode shfl.sync.bfly.b64 is not known",
        "setp.lt.and.f64 %p1, %fd1, %fd2, %p2; | opcode setp.lt.and.f64 is not known",
        "cvt.rni.s32.f32 %r1, %f1;             | opcode cvt.rni.s32.f32 is not known",
        "exit;                                 | opcode exit is not known",
        "add.f64 %fd1, %fd2;                   | operands that add.f64 does not have",
        "add.f64 %fd1, %fd2, %fd3, %fd4;       | operands that add.f64 does not have",
        "add.f64 %fd1, %f1, %fd2;              | a register of f32 in the place of a f64",
        "add.f64 %fd1, 1, %fd2;                | a whole number (1) in the place of a f64",
        "add.s32 %r1, %rd1, %r2;        | a register of",
        "mov.u32 %r1, %r9;                     | no such register: %r9",
        "mov.u32 %r1, %laneid;                 | no such register: %laneid",
        "mov.u32 %p1, 1;                       | a u32 into a register of pred: %p1",
        "mov.f64 %fd1, 0f3F800000;             | a constant of f32 in the place of a f64",
        "ld.param.u64 %rd1, [q];               | 8 bytes at 0 of parameter q, which has 4",
        "ld.param.u64 %rd1, [p+8];             | 8 bytes at 8 of parameter p, which has 8",
        "ld.param.u64 %rd1, [z];               | no such parameter: z",
        "ld.global.f64 %rd1, %rd2;             | operands that ld.global.f64 does not have",
        "ld.global.v2.f64 {%fd1}, [%rd2];      | operands that ld.global.v2.f64 does not have",
        ".shared .b8 own[16];                  | directive is not known: .shared",
        ".reg .f16 %h<2>;                      | type is not known: .f16",
        "mov.u32 %r1, 12x;                     | expected a whole number, found '12x'",
        "mov.u32 %r1 %r2;                      | expected ',', found '%r2'",
        "mov.u32 %r1, ~;                       | a sign that PTX does not have here: '~'"
      })
  void whatIsNotKnownIsRefusedWithItsLine(String statement, String words) {
    assertThatThrownBy(() -> c(kernel(statement)))
        .isInstanceOfSatisfying(
            Refused.class,
            e -> {
              assertThat(e.at("test.ptx")).startsWith("test.ptx:12: ").contains(words);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ".version 9.1       | test.ptx:1: PTX ISA 9.1 is newer than 9.0, the last known",
        ".version x         | test.ptx:1: expected a version, found 'x'",
        "ELF                | test.ptx:1: PTX begins with .version, this with 'ELF'",
        "''                 | test.ptx:1: PTX begins with .version, this with ''",
        ".version 6.3 .address_size 32 | test.ptx:1: addresses of 64 bits are known, not others",
        ".version 6.3 .global .b8 table[8]; | test.ptx:1: directive is not known: .global",
        ".version 6.3 /* no end | test.ptx:1: the comment has no end"
      })
  void textsThatAreNoModuleOfOursAreRefused(String text, String words) {
    assertThatThrownBy(() -> c(text))
        .isInstanceOfSatisfying(Refused.class, e -> assertThat(e.at("test.ptx")).startsWith(words));
  }

  /// Cut anywhere, or with a byte changed anywhere: refused in words, or translated.
  @Test
  void damagedTextsAreRefusedInWords() throws IOException {
    var whole = Files.readString(SHIPPED.resolve("select.ptx"), StandardCharsets.ISO_8859_1);
    var random = new Random(1);
    var words = new TreeSet<String>();
    for (int k = 0; k < 2000; k++) {
      var damaged = new StringBuilder(whole);
      if (k % 2 == 0) {
        damaged.setLength(random.nextInt(whole.length()));
      } else {
        damaged.setCharAt(random.nextInt(whole.length()), (char) random.nextInt(256));
      }
      try {
        assertThat(c(damaged.toString())).contains("ptx_module");
      } catch (Refused e) {
        words.add(String.valueOf(e.getMessage()).replaceAll("'.*|[%\\w.$]*\\d[\\w.$]*", ""));
        assertThat(e.at("x")).matches("(?s)x:\\d+: .+");
      }
    }
    assertThat(words).hasSizeGreaterThan(10);
  }

  @Test
  void sourcesOfInstructionsAreKept() {
    var c =
        c(
            kernel(
                    ".loc 1 17 3\nmov.u32 %r1, 1;\n"
                        + ".loc 2 40 9, function_name $L__x, inlined_at 1 18 5\nmov.u32 %r2, 2;\n"
                        + ".loc 2 50 9, function_name $L__x, inlined_at 2 40 9\nmov.u32 %r3, 3;\n")
                + ".file 1 \"/somewhere/k.cu\"\n"
                + ".file 2 \"x.hpp\"\n"
                + ".section .debug_str\n"
                + "{\n"
                + "$L__x:\n"
                + ".b8 1,2\n"
                + "}\n");
    assertThat(c)
        .contains("{13, \"k.cu:17\"}")
        .contains("{15, \"k.cu:18\"}")
        .contains("{17, \"k.cu:18\"}");
  }

  @Test
  void aBasicBlockEndsWithABranchAndBeginsWithALabel() {
    var c =
        c(
            kernel(
                "setp.lt.f64 %p1, %fd1, %fd2;\n"
                    + "@!%p1 bra $L__a;\n"
                    + "fma.rn.f64 %fd1, %fd1, %fd1, %fd1;\n"
                    + "bar.sync 0;\n"
                    + "$L__a:\n"));
    assertThat(c)
        .contains("if (!vp1) { goto L__a; }\nPTX_BLOCK(1)\n")
        .contains("L__a:;\nPTX_BLOCK(2)\nreturn;")
        .contains(
            "{\"k\", 5, {0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,1,0,0,0,0,0,0,0,}}") // a predicate and a
        // branch
        .contains("{\"k\", 14, {0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,}}"); // fma and a
    // barrier
  }
}
