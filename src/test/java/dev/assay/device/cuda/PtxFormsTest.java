package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.ptx.Opcodes;
import dev.assay.ptx.Opcodes.Form;
import dev.assay.ptx.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jcuda.Pointer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every form of every opcode that computes, against values worked out by hand from the ISA's text:
/// what is not a number, infinities, signed zeros, subnormals, shifts beyond the width, saturation,
/// rounding in every direction that is in use, division by zero. All run in one kernel.
@Tag("standin")
class PtxFormsTest {
  /// A form with its operands and its result, all as bits.
  private record Case(String text, Form form, String opcode, List<Long> operands, long result) {}

  private static List<Case> cases() {
    var all = new ArrayList<Case>();
    for (var line : PtxKernel.file("test/resources/dev/assay/device/cuda/forms.txt").split("\n")) {
      var text = line.replaceFirst("#.*", "").strip();
      if (text.isEmpty()) {
        continue;
      }
      var words = text.split("\\s+");
      var form = Opcodes.form(words[0]).orElseThrow(() -> new AssertionError("no form " + text));
      assertThat(words).as(text).hasSize(form.from().size() + 3);
      assertThat(words[words.length - 2]).as(text).isEqualTo("=");
      var operands = new ArrayList<Long>();
      for (int i = 0; i < form.from().size(); i++) {
        operands.add(bits(words[i + 1], form.from().get(i)));
      }
      all.add(new Case(text, form, words[0], operands, bits(words[words.length - 1], form.to())));
    }
    return all;
  }

  private static long bits(String word, Type type) {
    boolean negative = word.startsWith("-");
    var digits = negative ? word.substring(1) : word;
    if (type.real()) {
      if (word.startsWith("bits:")) {
        return Long.parseUnsignedLong(word.substring(5), 16);
      }
      double value =
          switch (digits) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            default -> Double.parseDouble(digits);
          };
      value = negative ? -value : value;
      return type == Type.F64
          ? Double.doubleToRawLongBits(value)
          : Integer.toUnsignedLong(Float.floatToRawIntBits((float) value));
    }
    long value =
        digits.startsWith("0x")
            ? Long.parseUnsignedLong(digits.substring(2), 16)
            : Long.parseUnsignedLong(digits);
    return mask(negative ? -value : value, type);
  }

  private static long mask(long value, Type type) {
    return type == Type.PRED
        ? value & 1
        : type.bytes == 8 ? value : value & (1L << 8 * type.bytes) - 1;
  }

  // The kernel: operands and results lie at 8 bytes each.

  private static final Type[] KEPT = {Type.B16, Type.B32, Type.B64, Type.F32, Type.F64, Type.PRED};

  private static String register(Type type, int index) {
    return "%" + kept(type).ptx() + "_" + index;
  }

  private static Type kept(Type type) {
    for (var kept : KEPT) {
      if (kept == type
          || !type.real()
              && !kept.real()
              && kept != Type.PRED
              && kept.bytes == Math.max(2, type.bytes)
              && type != Type.PRED) {
        return kept;
      }
    }
    throw new AssertionError(type);
  }

  private static String kernel(List<Case> cases) {
    var text =
        new StringBuilder(
            ".version 6.3\n"
                + ".target sm_75\n"
                + ".address_size 64\n"
                + ".extern .shared .align 16 .b8 window[];\n");
    text.append(".visible .entry forms(.param .u64 in, .param .u64 out)\n{\n");
    for (var type : KEPT) {
      text.append(".reg .").append(type.ptx()).append(" %").append(type.ptx()).append("_<9>;\n");
    }
    text.append(
        ".reg .b64 %in;\n"
            + ".reg .b64 %out;\n"
            + ".reg .b32 %whole;\n"
            + "ld.param.u64 %in, [in];\n"
            + "ld.param.u64 %out, [out];\n");
    for (int k = 0; k < cases.size(); k++) {
      var c = cases.get(k);
      var operands = new ArrayList<String>();
      for (int i = 0; i < c.operands.size(); i++) {
        var type = c.form.from().get(i);
        var to = register(type, i + 1);
        int at = 8 * (4 * k + i);
        if (type == Type.PRED) {
          text.append(
              "ld.global.u32 %whole, [%in+" + at + "];\nsetp.ne.s32 " + to + ", %whole, 0;\n");
        } else {
          var width = kept(type).ptx();
          text.append("ld.global." + width + " " + to + ", [%in+" + at + "];\n");
        }
        operands.add(to);
      }
      var to = register(c.form.to(), 0);
      text.append(c.opcode + " " + to + ", " + String.join(", ", operands) + ";\n");
      if (c.form.to() == Type.PRED) {
        text.append(
            "selp.u32 %whole, 1, 0, " + to + ";\nst.global.u32 [%out+" + 8 * k + "], %whole;\n");
      } else {
        text.append(
            "st.global." + kept(c.form.to()).ptx() + " [%out+" + 8 * k + "], " + to + ";\n");
      }
    }
    return text.append("ret;\n}\n").toString();
  }

  private static long[] run(List<Case> cases) {
    var device = StandIn.device();
    device.makeCurrent();
    var kernel = new PtxKernel(kernel(cases), "forms");
    var operands = new int[8 * cases.size()];
    for (int k = 0; k < cases.size(); k++) {
      for (int i = 0; i < cases.get(k).operands.size(); i++) {
        long bits = cases.get(k).operands.get(i);
        operands[8 * k + 2 * i] = (int) bits;
        operands[8 * k + 2 * i + 1] = (int) (bits >>> 32);
      }
    }
    var results = new int[2 * cases.size()];
    try (var arena = device.memory().arena();
        var stream = device.stream()) {
      var in = stream.place(operands, arena);
      var out = stream.place(results, arena);
      stream.synchronise();
      assertThat(kernel.run(1, 1, 64, Pointer.to(in.pointer()), Pointer.to(out.pointer())))
          .isZero();
      stream.download(out, results);
    }
    var whole = new long[cases.size()];
    for (int k = 0; k < whole.length; k++) {
      whole[k] = Integer.toUnsignedLong(results[2 * k]) | (long) results[2 * k + 1] << 32;
    }
    return whole;
  }

  @TestFactory
  List<DynamicTest> everyFormComputesWhatTheIsaSays() {
    var cases = cases();
    var results = run(cases);
    var tests = new ArrayList<DynamicTest>();
    for (int k = 0; k < cases.size(); k++) {
      var c = cases.get(k);
      long result = mask(results[k], c.form.to());
      tests.add(DynamicTest.dynamicTest(c.text, () -> compare(c, result)));
    }
    return tests;
  }

  private static void compare(Case c, long result) {
    var type = c.form.to();
    if (type == Type.F64 && Double.isNaN(Double.longBitsToDouble(c.result))) {
      assertThat(Double.longBitsToDouble(result)).isNaN();
    } else if (type == Type.F32 && Float.isNaN(Float.intBitsToFloat((int) c.result))) {
      assertThat(Float.intBitsToFloat((int) result)).isNaN();
    } else {
      assertThat(Long.toHexString(result)).isEqualTo(Long.toHexString(mask(c.result, type)));
    }
  }

  /// `memory.ptx` says what its results are of.
  @Test
  void memoryShufflesAndCallsDoWhatTheIsaSays() {
    var device = StandIn.device();
    device.makeCurrent();
    var kernel =
        new PtxKernel(PtxKernel.file("test/resources/dev/assay/device/cuda/memory.ptx"), "memory");
    var results = new int[2 * 32 * 16];
    try (var arena = device.memory().arena();
        var stream = device.stream()) {
      var out = arena.bytes(4L * results.length);
      assertThat(kernel.run(1, 32, 132, Pointer.to(out.pointer()), Pointer.to(new int[] {-5})))
          .isZero();
      stream.download(out, results);
    }
    for (int tid = 0; tid < 32; tid++) {
      long[] expected = {
        tid,
        tid + 100,
        -5,
        0xfffffffbL,
        (long) (tid + 1) << 32 | tid,
        0x2222222211111111L,
        3,
        tid ^ 1,
        Math.max(0, tid - 1),
        tid + 4 < 32 ? tid + 4 : tid,
        tid + 4 < 32 ? 1 : 0,
        (tid & 24) + 2,
        2 * (tid + 100) + 7,
        64,
        tid == 0 ? 32 : 0,
        (tid & 24) + 7
      };
      for (int k = 0; k < expected.length; k++) {
        int at = 2 * (32 * k + tid);
        long seen = Integer.toUnsignedLong(results[at]) | (long) results[at + 1] << 32;
        assertThat(seen).as("result %d of thread %d", k, tid).isEqualTo(expected[k]);
      }
    }
  }

  /// Every lane brings what the ISA's figures say of 16 x 8 and 8 x 8 numbers in TF32, or of 16 x
  /// 16 and 16 x 8 in BF16, all of them exact in these, as are the sums.
  @ParameterizedTest
  @ValueSource(ints = {8, 16})
  void aWarpMultipliesWholeMatrices(int inner) {
    var device = StandIn.device();
    device.makeCurrent();
    var ptx = PtxKernel.file("test/resources/dev/assay/device/cuda/mma.ptx");
    boolean pairs = inner == 16;
    var kernel =
        new PtxKernel(
            pairs ? ptx.replace("m16n8k8.row.col.f32.tf32.tf32", BF16_PRODUCT) : ptx, "product");
    var left = new float[16][inner];
    var right = new float[8][inner];
    var added = new float[16][8];
    for (int i = 0; i < 16; i++) {
      for (int q = 0; q < inner; q++) {
        left[i][q] = 3 * i - 5 * q + 1;
      }
      for (int j = 0; j < 8; j++) {
        added[i][j] = 100 * i + j;
      }
    }
    for (int j = 0; j < 8; j++) {
      for (int q = 0; q < inner; q++) {
        right[j][q] = (7 * q - 11 * j) / 4f;
      }
    }
    var numbers = new float[32 * 10];
    for (int lane = 0; lane < 32; lane++) {
      int group = lane / 4;
      int of = lane % 4;
      for (int e = 0; e < 4; e++) {
        numbers[10 * lane + e] = register(left[group + e % 2 * 8], of, e / 2);
        numbers[10 * lane + 6 + e] = added[group + e / 2 * 8][2 * of + e % 2];
      }
      for (int e = 0; e < 2; e++) {
        numbers[10 * lane + 4 + e] = register(right[group], of, e);
      }
    }
    var sums = new float[32 * 4];
    try (var arena = device.memory().arena();
        var stream = device.stream()) {
      var in = stream.place(numbers, arena);
      var out = arena.floats(sums.length);
      stream.synchronise();
      assertThat(kernel.run(1, 32, 0, Pointer.to(in.pointer()), Pointer.to(out.pointer())))
          .isZero();
      stream.download(out, sums);
    }
    for (int k = 0; k < sums.length; k++) {
      int row = k / 16 + k / 2 % 2 * 8;
      int column = k / 4 % 4 * 2 + k % 2;
      float expected = added[row][column];
      for (int q = 0; q < inner; q++) {
        expected += left[row][q] * right[column][q];
      }
      assertThat(sums[k]).as("sum (%d, %d)", row, column).isEqualTo(expected);
    }
  }

  private static final String BF16_PRODUCT = "m16n8k16.row.col.f32.bf16.bf16";

  /// What a lane has of the first or second half of a row of 8 numbers, or two neighbours of 16.
  private static float register(float[] row, int of, int half) {
    if (row.length == 8) {
      return row[of + 4 * half];
    }
    int low = Float.floatToRawIntBits(row[2 * of + 8 * half]) >>> 16;
    int high = Float.floatToRawIntBits(row[2 * of + 1 + 8 * half]) & 0xffff0000;
    return Float.intBitsToFloat(high | low);
  }

  /// What computes in the shipped PTX: all of it is tried above.
  @Test
  void everyFormInUseIsTried() {
    Set<String> tried = new HashSet<>();
    cases().forEach(c -> tried.add(c.opcode));
    tried.add("cvta.shared.u64"); // an address of this process: tried in memory.ptx
    var missing = new HashSet<String>();
    var all = new StringBuilder();
    for (var module : KernelImages.MODULES) {
      all.append(new String(KernelImages.ptx(module), StandardCharsets.US_ASCII));
      all.append(
          new String(KernelImages.ptx(module, KernelImages.TENSOR), StandardCharsets.US_ASCII));
    }
    for (var line : all.toString().split("\n")) {
      var opcode = line.strip().replaceFirst("^@!?%p\\d+\\s+", "").split("[\\s;]", 2)[0];
      if (Opcodes.form(opcode).isPresent() && !tried.contains(opcode)) {
        missing.add(opcode);
      }
    }
    assertThat(missing).isEmpty();
  }
}
