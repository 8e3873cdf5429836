package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The committed PTX: built from the sources beside it, for drivers from 525 on, and without spills
/// on any generation of cards.
class PtxTest {
  private static final Path KERNELS = Path.of("../kernels");

  private static final Pattern KERNEL =
      Pattern.compile(
          "Function properties for (\\w+)[^\\n]*\\n[^\\n]*?(\\d+) bytes spill stores[^\\n]*\\n"
              + "(?:[^\\n]*info    : (Used \\d+ registers[^\\n]*))?");

  @Test
  void everySourceHasItsModule() throws IOException {
    try (Stream<Path> files = Files.list(KERNELS)) {
      var names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".cu"))
              .map(name -> name.substring(0, name.length() - 3))
              .sorted()
              .toList();
      assertThat(KernelImages.MODULES).containsExactlyElementsOf(names);
    }
  }

  @Test
  void theVersionIsOneThatOldDriversTake() {
    for (var module : everywhere()) {
      var ptx = new String(KernelImages.ptx(module), StandardCharsets.US_ASCII);
      assertThat(ptx).as(module).contains(".version 6.3\n").contains(".target sm_75\n");
      assertThat(ptx).as(module).doesNotContain("mma.sync");
    }
    for (var module : KernelImages.TENSOR_MODULES) {
      var ptx = new String(KernelImages.ptx(module, 80), StandardCharsets.US_ASCII);
      assertThat(ptx).as(module).contains(".version 7.0\n").contains(".target sm_80\n");
      assertThat(ptx)
          .as(module)
          .contains(
              switch (module) {
                case "train_tf32" -> "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32";
                case "train_bf16" -> "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32";
                default -> "mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64";
              });
    }
  }

  /// Those that cards of every generation get.
  private static List<String> everywhere() {
    return KernelImages.MODULES.stream()
        .filter(module -> !KernelImages.TENSOR_ONLY.contains(module))
        .toList();
  }

  private static List<String> of(int capability) {
    return capability < KernelImages.TENSOR ? everywhere() : KernelImages.MODULES;
  }

  /// Whoever includes the tiles has tensor instructions; who includes what is nothing without them,
  /// nothing else.
  @Test
  void whatHasTensorInstructionsIsKnown() throws IOException {
    var including = new ArrayList<String>();
    var only = new ArrayList<String>();
    for (var module : KernelImages.MODULES) {
      var source = Files.readString(KERNELS.resolve(module + ".cu"));
      if (source.contains("\"tiles.cuh\"") || source.contains("\"tensor.cuh\"")) {
        including.add(module);
      }
      if (source.contains("\"tensor.cuh\"")) {
        only.add(module);
      }
    }
    assertThat(KernelImages.TENSOR_MODULES).isEqualTo(including);
    assertThat(KernelImages.TENSOR_ONLY).isEqualTo(only);
  }

  /// By their sums every build knows that sources and PTX belong together
  /// ([#sourcesPtxAndCubinsAreThoseOfOneBuild]). This builds them anew, with
  /// `-Dassay.ptx.rebuild=true`: 18 s of nvcc.
  @Test
  void thePtxIsWhatTheSourcesBuild(@TempDir Path out) throws Exception {
    Assumptions.assumeTrue(Boolean.getBoolean("assay.ptx.rebuild"), "-Dassay.ptx.rebuild=true");
    var version = compilerVersion();
    Assumptions.assumeTrue(
        version.contains("release 13.0"), "no nvcc 13.0 here, which the PTX was built with");
    var process =
        new ProcessBuilder(KERNELS.resolve("build.sh").toString(), "--ptx-only", out.toString())
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    var all = new ArrayList<>(everywhere());
    KernelImages.TENSOR_MODULES.forEach(module -> all.add("compute_80/" + module));
    for (var module : all) {
      var built = Files.readAllBytes(out.resolve(module + ".ptx"));
      var committed = Files.readAllBytes(KERNELS.resolve("ptx/" + module + ".ptx"));
      assertThat(built)
          .withFailMessage(
              "The PTX of %s does not match kernels/%s.cu: run kernels/build.sh and commit.",
              module, module)
          .isEqualTo(committed);
    }
  }

  /// Sources, PTX and machine code of one state: whoever changes one of them without `build.sh` is
  /// told.
  @Test
  void sourcesPtxAndCubinsAreThoseOfOneBuild() throws Exception {
    var sums = new TreeMap<String, String>();
    for (var line : Files.readAllLines(KERNELS.resolve("ptx/SHA256SUMS"))) {
      sums.put(line.substring(66), line.substring(0, 64));
    }
    var expected = new TreeMap<String, Path>();
    try (Stream<Path> files = Files.list(KERNELS)) {
      files
          .filter(file -> file.toString().matches(".*\\.cuh?"))
          .forEach(file -> expected.put(file.getFileName().toString(), file));
    }
    for (var module : everywhere()) {
      expected.put(module + ".ptx", KERNELS.resolve("ptx/" + module + ".ptx"));
    }
    for (int capability : KernelImages.CAPABILITIES) {
      for (var module : of(capability)) {
        var name = "sm_" + capability + "/" + module + ".cubin.gz";
        expected.put(name, KERNELS.resolve("ptx/" + name));
      }
    }
    for (var module : KernelImages.TENSOR_MODULES) {
      var name = "compute_80/" + module + ".ptx";
      expected.put(name, KERNELS.resolve("ptx/" + name));
    }
    assertThat(sums.keySet()).isEqualTo(expected.keySet());
    for (var entry : expected.entrySet()) {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(entry.getValue()));
      assertThat(HexFormat.of().formatHex(digest))
          .as("%s: run kernels/build.sh and commit kernels/ptx", entry.getKey())
          .isEqualTo(sums.get(entry.getKey()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {75, 80, 86, 89, 90, 100, 120})
  void everyCubinIsOfItsCardAndHasItsKernels(int capability) throws IOException {
    for (var module : of(capability)) {
      var cubin = KernelImages.cubin(module, capability);
      assertThat(cubin).as("%s for sm_%d", module, capability).isNotNull();
      assertThat(cubin).startsWith(0x7f, 'E', 'L', 'F');
      var text = new String(cubin, StandardCharsets.ISO_8859_1);
      for (var kernel : KernelImages.kernels(module)) {
        assertThat(text).contains(".text." + kernel + "\0");
      }
    }
  }

  /// A module then comes from PTX (`ModuleLoad`), where the driver would have read beyond the
  /// image.
  @ParameterizedTest
  @ValueSource(strings = {"truncated", "another byte", "another sum", "not packed", "of nothing"})
  void aDamagedCubinIsNotHandedToTheDriver(String damage) throws IOException {
    byte[] packed;
    try (var in = KernelImages.class.getResourceAsStream("ptx/sm_90/train.cubin.gz")) {
      packed = Objects.requireNonNull(in).readAllBytes();
    }
    assertThat(KernelImages.unpacked(packed)).isEqualTo(KernelImages.cubin("train", 90));
    switch (damage) {
      case "truncated" -> packed = Arrays.copyOf(packed, packed.length / 2);
      case "another byte" -> packed[packed.length / 2] ^= 1;
      case "another sum" -> packed[packed.length - 8] ^= 1;
      case "not packed" -> packed = "\177ELF".getBytes(StandardCharsets.ISO_8859_1);
      default -> packed = packedNothing();
    }
    var damaged = packed;
    assertThatThrownBy(() -> KernelImages.unpacked(damaged)).isInstanceOf(IOException.class);
  }

  private static byte[] packedNothing() throws IOException {
    var bytes = new ByteArrayOutputStream();
    new GZIPOutputStream(bytes).close();
    return bytes.toByteArray();
  }

  private static String compilerVersion() throws InterruptedException {
    try {
      var process = new ProcessBuilder("nvcc", "--version").redirectErrorStream(true).start();
      var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return text;
    } catch (IOException e) {
      return "";
    }
  }

  /// What a kernel has in local memory are the arrays that its PTX asks for. A kernel, or a
  /// function that it calls, may have more, which are spills, where a comment beside it says why:
  /// `// Spills on sm_NN (NAME): reason`. Shared memory is dynamic: the head comments say how much.
  @ParameterizedTest
  @ValueSource(ints = {75, 80, 86, 89, 90, 100, 120})
  void noKernelSpills(int capability) throws IOException {
    for (var module : of(capability)) {
      var source = Files.readString(KERNELS.resolve(module + ".cu"));
      var asked =
          CubinFrames.ofPtx(
              new String(KernelImages.ptx(module, capability), StandardCharsets.US_ASCII));
      int most = asked.values().stream().mapToInt(bytes -> bytes).max().orElse(0);
      var frames =
          CubinFrames.ofCubin(Objects.requireNonNull(KernelImages.cubin(module, capability)));
      assertThat(frames.keySet()).containsAll(KernelImages.kernels(module));
      for (var frame : frames.entrySet()) {
        var name = frame.getKey();
        // what the compiler made of a kernel, or calls from it, has the kernel's frame
        int allowed = name.startsWith("$") ? most : asked.getOrDefault(name, 0);
        if (!source.contains("// Spills on sm_" + capability + " (" + name + "):")) {
          assertThat(frame.getValue())
              .as("bytes in local memory of %s on sm_%d", name, capability)
              .isLessThanOrEqualTo(allowed);
        }
      }
    }
  }

  /// The compiler within the driver of another version than `build.sh` needs, which makes its own
  /// of the PTX: [#noKernelSpills] in its words. It takes 14 s for each generation of cards:
  /// `-Dassay.ptx.capabilities=75,80,86,89,90`.
  @Test
  void everyKernelAssemblesWithoutSpills() throws IOException {
    Assumptions.assumeTrue(
        JCudaNatives.platform().equals("linux-x86_64"), "no PTX compiler for this platform");
    var asked = System.getProperty("assay.ptx.capabilities", "");
    Assumptions.assumeFalse(asked.isEmpty(), "-Dassay.ptx.capabilities=90");
    for (var word : asked.split(",")) {
      assembleAll(Integer.parseInt(word));
    }
  }

  private static void assembleAll(int capability) throws IOException {
    var spilled = new ArrayList<String>();
    var report = new StringBuilder();
    for (var module : of(capability)) {
      var source = Files.readString(KERNELS.resolve(module + ".cu"));
      var lines = KERNEL.matcher(assemble(module, capability));
      while (lines.find()) {
        var name = lines.group(1);
        var spills = lines.group(2);
        if (lines.group(3) != null) {
          report.append(
              "sm_%d %-28s %s, %s bytes spilled%n"
                  .formatted(capability, name, lines.group(3), spills));
        }
        var excuse = "// Spills on sm_" + capability + " (" + name + "):";
        if (!spills.equals("0") && !source.contains(excuse)) {
          spilled.add(name + ": " + spills + " bytes");
        }
      }
    }
    System.out.print(report);
    long kernels = 0;
    for (var module : of(capability)) {
      kernels +=
          new String(KernelImages.ptx(module), StandardCharsets.US_ASCII).split("\\.entry").length
              - 1;
    }
    assertThat(report.toString().lines().count()).isEqualTo(kernels);
    assertThat(spilled).isEmpty();
  }

  private static String assemble(String module, int capability) {
    var ptx = KernelImages.ptx(module, capability);
    var compiler = new nvPTXCompilerHandle();
    var terminated = Arrays.copyOf(ptx, ptx.length + 1);
    assertThat(JNvPTXCompiler.nvPTXCompilerCreate(compiler, ptx.length, terminated)).isZero();
    int code =
        JNvPTXCompiler.nvPTXCompilerCompile(
            compiler, 2, new String[] {"--gpu-name=sm_" + capability, "--verbose"});
    var size = new long[1];
    if (code != 0) {
      JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(compiler, size);
      var text = new byte[(int) size[0] + 1];
      JNvPTXCompiler.nvPTXCompilerGetErrorLog(compiler, text);
      throw new AssertionError(module + ": " + new String(text, StandardCharsets.UTF_8));
    }
    JNvPTXCompiler.nvPTXCompilerGetInfoLogSize(compiler, size);
    var text = new byte[(int) size[0] + 1];
    JNvPTXCompiler.nvPTXCompilerGetInfoLog(compiler, text);
    JNvPTXCompiler.nvPTXCompilerDestroy(compiler);
    return new String(text, StandardCharsets.UTF_8);
  }
}
