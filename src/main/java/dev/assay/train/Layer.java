package dev.assay.train;

import dev.assay.internal.problem.Require;

/// A layer with weights. Its weights are a matrix W: u × v and a bias b: v.
public sealed interface Layer {
  /// u.
  int inputs();

  /// v.
  int outputs();

  /// How many numbers it makes of one row.
  int features();

  /// How many outputs an input has a share in: for the spread of the initial weights.
  int fanOut();

  /// y = a(x W + b).
  record Dense(int inputs, int outputs) implements Layer {
    public Dense {
      Require.atLeast("dense layer", "inputs", inputs, 1);
      Require.atLeast("dense layer", "outputs", outputs, 1);
    }

    @Override
    public int features() {
      return outputs;
    }

    @Override
    public int fanOut() {
      return outputs;
    }
  }

  /// A convolution with stride 1 and zeros around the image, so that its size stays, then the
  /// activation, then the largest of each 2 × 2 pixels (a last odd row or column is dropped).
  /// Images are rows of pixels, channels together: (y, x, channel). A row of W belongs to one (dy,
  /// dx, channel) of the kernel, in that order.
  ///
  /// @param channels of the input
  /// @param filters channels of the output
  /// @param kernel its height and width; an even one has its middle above and left
  record Convolution(int height, int width, int channels, int filters, int kernel)
      implements Layer {
    public Convolution {
      Require.atLeast("convolution", "height", height, 1);
      Require.atLeast("convolution", "width", width, 1);
      Require.atLeast("convolution", "channels", channels, 1);
      Require.atLeast("convolution", "filters", filters, 1);
      Require.atLeast("convolution", "kernel", kernel, 1);
    }

    @Override
    public int inputs() {
      return kernel * kernel * channels;
    }

    @Override
    public int outputs() {
      return filters;
    }

    @Override
    public int features() {
      return pooledHeight() * pooledWidth() * filters;
    }

    @Override
    public int fanOut() {
      return kernel * kernel * filters;
    }

    public int pooledHeight() {
      return height / 2;
    }

    public int pooledWidth() {
      return width / 2;
    }
  }
}
