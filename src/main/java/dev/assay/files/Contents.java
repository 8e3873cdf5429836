package dev.assay.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 of contents, in hexadecimal digits.
public final class Contents {
  private Contents() {}

  public static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(algorithm().digest(bytes));
  }

  /// Of a file, however large.
  public static String sha256(Path file) throws IOException {
    var algorithm = algorithm();
    try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), algorithm)) {
      Files.copy(file, out);
    }
    return HexFormat.of().formatHex(algorithm.digest());
  }

  private static MessageDigest algorithm() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has it", e);
    }
  }
}
