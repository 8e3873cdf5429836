package dev.assay.device.cuda;

import dev.assay.train.Layer;

/// What blocks of a lane hold of a convolution in shared memory at a time, as of `staged.cuh`:
/// weights of some of the channels that it gives, and what some pairs of an image's rows are made
/// of. Whether there is room at all depends on nothing but the layer and the card; how it is cut
/// changes no bit of what is given.
///
/// @param across channels that are given, a multiple of [#GROUP]; of gradients in weights, rows of
///   the kernel; 0: nothing is held
/// @param down pairs of rows that are given, of one image, or of so many whole ones; of gradients
///   in weights, images
/// @param units of such work in all
/// @param bytes of shared memory
record ConvolutionCut(int across, int down, int units, int bytes) {
  static final ConvolutionCut NONE = new ConvolutionCut(0, 0, 0, 0);

  private static final int GROUP = 16;

  private static final int WARP = 32;

  /// Of a block, below which it is rather worked on in device memory.
  private static final int LEAST_WARPS = 2;

  /// That are held at once.
  private static final int MOST_IMAGES = 16;

  /// Of which kernels count in integers.
  private static final long MOST_UNITS = 1 << 24;

  /// Of gradients in weights: filters side by side.
  private static final int FILTERS = 8;

  /// Instructions of a warp for what 32 threads put into shared memory, and for a channel of its
  /// sums over a kernel of three, which are most of what takes time.
  private static final double STAGING = 12;

  private static final double BEFORE = 300;

  /// A convolution as sums go through it.
  ///
  /// @param planes channels that it takes
  /// @param given channels that it gives
  private record Planes(int planes, int given, int height, int width, int kernel, int weightPlane) {
    static Planes forwards(Layer.Convolution c) {
      int plane = c.kernel() * c.kernel() * GROUP;
      return new Planes(
          c.channels(),
          c.outputs(),
          2 * c.pooledHeight(),
          2 * c.pooledWidth(),
          c.kernel(),
          plane | GROUP);
    }

    static Planes below(Layer.Convolution c) {
      int plane = c.kernel() * c.kernel() * GROUP;
      return new Planes(c.outputs(), c.channels(), c.height(), c.width(), c.kernel(), plane + 4);
    }

    int allPairs() {
      return (height + 1) / 2;
    }

    int quads() {
      return (width + 3) / 4;
    }

    /// Numbers of a plane, as `Planes::plane`.
    int plane(int pairs) {
      int numbers = (2 * pairs + kernel - 1) * ((4 * quads() + kernel + 2) / 4 * 4);
      return numbers % 8 == 0 ? numbers + 4 : numbers;
    }

    long bytes(int outputs, int pairs, int images) {
      long group = ((long) planes * weightPlane + 31) / 32 * 32 + GROUP;
      return Float.BYTES * ((long) images * planes * plane(pairs) + outputs / GROUP * group);
    }

    /// Of a unit: warps that add up.
    int warps(int outputs, int pairs, int images) {
      int items = images * pairs * quads() * ((Math.min(outputs, given) + 3) / 4);
      return Math.ceilDiv(items, WARP);
    }

    /// Of a unit, in instructions of warps.
    double cost(int outputs, int pairs, int images, int threads) {
      double warps = warps(outputs, pairs, images);
      double staged = (double) images * planes * plane(pairs) / WARP * STAGING;
      double sums = warps * planes * kernel * kernel * 34;
      double few = Math.max(1, threads / WARP / 2 / warps); // too few warps to keep it busy
      return staged + few * (sums + warps * BEFORE);
    }
  }

  /// What lanes of several blocks are given on a card.
  ///
  /// @param rows images of a step, of each lane at most
  /// @param threads of a block
  /// @param blocks of each lane that keep the device busy
  /// @param sharedBytes what a block may have
  record Room(int rows, int threads, int blocks, int sharedBytes) {}

  /// Of what a layer gives; of a dense one [#NONE], as of convolutions that do not go through
  /// shared memory.
  static ConvolutionCut forwards(Layer layer, Room room) {
    return layer instanceof Layer.Convolution c && usual(c) ? best(Planes.forwards(c), room) : NONE;
  }

  /// Of the gradient in what the layer below gave.
  static ConvolutionCut below(Layer layer, Room room) {
    return layer instanceof Layer.Convolution c && usual(c) && c.channels() % 4 == 0
        ? best(Planes.below(c), room)
        : NONE;
  }

  /// The kernels that sums are unrolled for.
  private static boolean usual(Layer.Convolution c) {
    return (c.kernel() == 3 || c.kernel() == 5) && c.features() > 0;
  }

  private static ConvolutionCut best(Planes planes, Room room) {
    var best = NONE;
    double least = Double.POSITIVE_INFINITY;
    int all = (planes.given + GROUP - 1) / GROUP * GROUP;
    for (int outputs = all; outputs >= GROUP; outputs -= GROUP) {
      int groups = Math.ceilDiv(planes.given, outputs);
      for (int parts = -MOST_IMAGES; parts <= planes.allPairs(); parts++) {
        int images = Math.max(1, -parts);
        int pairs = Math.ceilDiv(planes.allPairs(), Math.max(1, parts));
        long bytes = planes.bytes(outputs, pairs, images);
        long units =
            (long) groups
                * Math.ceilDiv(room.rows, images)
                * Math.ceilDiv(planes.allPairs(), pairs);
        boolean few = planes.warps(outputs, pairs, images) < LEAST_WARPS;
        if (bytes > room.sharedBytes || units > MOST_UNITS || few) {
          continue;
        }
        double weights = (double) planes.planes * planes.weightPlane * outputs / GROUP / WARP;
        double cost =
            Math.ceilDiv(units, Math.min(units, room.blocks))
                    * planes.cost(outputs, pairs, images, room.threads)
                + weights * STAGING;
        if (cost < least) {
          least = cost;
          best = new ConvolutionCut(outputs, images * pairs, (int) units, (int) bytes);
        }
      }
    }
    return best;
  }

  /// Of the gradient in the weights. Where the kernel is of three rows a block rather takes all of
  /// them, as long as there are enough blocks.
  static ConvolutionCut gradient(Layer layer, Room room) {
    return layer instanceof Layer.Convolution c && usual(c) ? gradientOf(c, room) : NONE;
  }

  private static ConvolutionCut gradientOf(Layer.Convolution c, Room room) {
    int channels = c.channels() % 4 == 0 ? 4 : 1;
    int width = Math.min(FILTERS, Integer.highestOneBit(Math.max(1, 2 * c.outputs() - 1)));
    int tasks = Math.ceilDiv(c.outputs(), width) * c.channels() / channels;
    int across = c.kernel() == 3 && 2 * tasks >= room.blocks ? c.kernel() : 1;
    int banks = WARP / channels;
    int span = Math.min(2 * Math.max(banks / width, 1), banks / 2);
    int pitch = 2 * c.pooledWidth() + c.kernel() - 1;
    while (pitch % banks < span || pitch % banks > banks - span) {
      pitch++;
    }
    // How many images are held changes the order of sums: it is not of how many blocks there are.
    long image = Float.BYTES * (long) pitch * (2 * c.pooledHeight() + c.kernel() - 1) * channels;
    long ofGradient = Float.BYTES * (long) (room.threads / WARP) * width;
    long sums = ofGradient * (across * c.kernel() * channels + 1);
    long most = ofGradient * (3 * 3 * channels + 1);
    int held = (int) Math.min(room.rows, (room.sharedBytes - most) / image);
    if (held < 1) {
      return NONE;
    }
    return new ConvolutionCut(
        across, held, tasks * (c.kernel() / across), Math.toIntExact(held * image + sums));
  }
}
