package dev.assay.random;

import java.util.random.RandomGenerator;

/// Philox4x32-10, a counter-based generator (Salmon et al. 2011, "Parallel random numbers: as easy
/// as 1, 2, 3").
///
/// A generator is (key: 64 bits, counter: 128 bits). The counter's low 64 bits count blocks of 128
/// random bits; its high 64 bits name the stream, so that 2^64 streams of 2^64 blocks exist for
/// each key. Not thread-safe: a stream belongs to one thread.
public final class Philox implements RandomGenerator {
  private static final long M0 = 0xD2511F53L;
  private static final long M1 = 0xCD9E8D57L;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final long LOW = 0xFFFFFFFFL;

  private final int key0;
  private final int key1;
  private final int stream0;
  private final int stream1;
  private long block;
  private int x0;
  private int x1;
  private int x2;
  private int x3;
  private boolean half;

  /// @param key the seed
  /// @param stream which of the 2^64 independent streams of that seed
  public Philox(long key, long stream) {
    key0 = (int) key;
    key1 = (int) (key >>> 32);
    stream0 = (int) stream;
    stream1 = (int) (stream >>> 32);
  }

  @Override
  public long nextLong() {
    half = !half;
    if (half) {
      nextBlock();
      return (x1 & LOW) << 32 | (x0 & LOW);
    }
    return (x3 & LOW) << 32 | (x2 & LOW);
  }

  /// The 128 bits that belong to a counter (four words, lowest first) and a key (two words): the
  /// bijection itself.
  static int[] block(int[] counter, int[] key) {
    var generator =
        new Philox(
            (key[1] & LOW) << 32 | (key[0] & LOW), (counter[3] & LOW) << 32 | (counter[2] & LOW));
    generator.block = (counter[1] & LOW) << 32 | (counter[0] & LOW);
    generator.nextBlock();
    return new int[] {generator.x0, generator.x1, generator.x2, generator.x3};
  }

  private void nextBlock() {
    int c0 = (int) block;
    int c1 = (int) (block >>> 32);
    int c2 = stream0;
    int c3 = stream1;
    int k0 = key0;
    int k1 = key1;
    for (int round = 0; round < 10; round++) {
      long p0 = M0 * (c0 & LOW);
      long p1 = M1 * (c2 & LOW);
      int n0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      int n2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c1 = (int) p1;
      c3 = (int) p0;
      c0 = n0;
      c2 = n2;
      k0 += W0;
      k1 += W1;
    }
    x0 = c0;
    x1 = c1;
    x2 = c2;
    x3 = c3;
    block++;
  }
}
