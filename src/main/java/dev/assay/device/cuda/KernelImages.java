package dev.assay.device.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// What `kernels/build.sh` makes of the sources: PTX, which every driver compiles for the card at
/// hand, with tensor instructions where it has them, and for the generations of cards that there
/// were then cubins, which need no compiling.
final class KernelImages {
  /// The files of `kernels/`, each a module.
  static final List<String> MODULES =
      List.of(
          "acquisition",
          "ascent",
          "candidates",
          "cholesky",
          "covariance",
          "fit",
          "lbfgsb",
          "likelihood",
          "order",
          "posterior",
          "products",
          "screen",
          "select",
          "subset",
          "train",
          "train_bf16",
          "train_tf32");

  /// Modules with tensor instructions, of which cards that have them get PTX of their own.
  static final List<String> TENSOR_MODULES =
      List.of("cholesky", "products", "subset", "train_bf16", "train_tf32");

  /// Those of them that other cards get nothing of.
  static final List<String> TENSOR_ONLY = List.of("train_bf16", "train_tf32");

  /// The first compute capability with tensor instructions in FP64, TF32 and BF16.
  static final int TENSOR = 80;

  /// Compute capabilities, as 75 for 7.5, that there are cubins for.
  static final List<Integer> CAPABILITIES = List.of(75, 80, 86, 89, 90, 100, 120);

  /// CUDA of the compiler that made the cubins: older drivers need not take them.
  static final int CUBIN_VERSION = 13000;

  private static final String PLACE = "/dev/assay/device/cuda/ptx/";
  private static final String ENTRY = ".entry ";
  private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

  private KernelImages() {}

  /// The PTX of a module for a card.
  ///
  /// @param capability 75 for 7.5
  static byte[] ptx(String module, int capability) {
    boolean tensor = capability >= TENSOR && TENSOR_MODULES.contains(module);
    var name = (tensor ? "compute_" + TENSOR + "/" : "") + module + ".ptx";
    var bytes = read(name);
    if (bytes == null) {
      throw new CudaFailure(PLACE + name + " is not on the class path");
    }
    return bytes;
  }

  /// The PTX of a module for the oldest cards that have it.
  static byte[] ptx(String module) {
    return ptx(module, TENSOR_ONLY.contains(module) ? TENSOR : 75);
  }

  /// The names of a module's kernels.
  static List<String> kernels(String module) {
    var ptx = new String(ptx(module), StandardCharsets.US_ASCII);
    var names = new ArrayList<String>();
    for (int at = ptx.indexOf(ENTRY); at >= 0; at = ptx.indexOf(ENTRY, at + 1)) {
      names.add(ptx.substring(at + ENTRY.length(), ptx.indexOf('(', at)).strip());
    }
    return names;
  }

  /// The cubins that run on a card: the latest of its major capability that is not newer. 0: there
  /// are none.
  ///
  /// @param capability 75 for 7.5
  static int cubinFor(int capability) {
    int best = 0;
    for (int candidate : CAPABILITIES) {
      if (candidate / 10 == capability / 10 && candidate <= capability) {
        best = candidate;
      }
    }
    return best;
  }

  /// The cubin of a module; null where this build has none.
  ///
  /// @param capability one of [#CAPABILITIES]
  /// @throws IOException where it is damaged
  static byte @Nullable [] cubin(String module, int capability) throws IOException {
    var packed = read("sm_" + capability + "/" + module + ".cubin.gz");
    return packed == null ? null : unpacked(packed);
  }

  /// @param packed with a checksum of its own, that of gzip
  /// @throws IOException where it is damaged, so that the driver is never handed less than an ELF
  ///   file, whose headers it believes
  static byte[] unpacked(byte[] packed) throws IOException {
    byte[] image;
    try (var in = new GZIPInputStream(new java.io.ByteArrayInputStream(packed))) {
      image = in.readAllBytes();
    }
    if (!Arrays.equals(Arrays.copyOf(image, ELF.length), ELF)) {
      throw new IOException("it is no ELF file");
    }
    return image;
  }

  /// Which kernels these are: what was measured or checked of others says nothing of them.
  static String identity() {
    var sums = read("SHA256SUMS");
    var crc = new CRC32();
    crc.update(sums == null ? new byte[0] : sums);
    return Long.toHexString(crc.getValue());
  }

  /// What was tuned for cards: see [TunedBlocks].
  static String tuned() {
    var bytes = read("tuned.json");
    return bytes == null ? "[]" : new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte @Nullable [] read(String name) {
    try (InputStream in = KernelImages.class.getResourceAsStream(PLACE + name)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
