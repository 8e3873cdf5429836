package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.device.cuda.ConvolutionCut.Room;
import dev.assay.train.Layer;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What blocks hold of convolutions: the table of `kernels/README.md`.
class ConvolutionCutTest {
  private static final int H200 = 232_448;
  private static final int T4 = 65_536;

  private static final List<BiFunction<Layer, Room, ConvolutionCut>> ALL =
      List.of(ConvolutionCut::forwards, ConvolutionCut::below, ConvolutionCut::gradient);

  private static String described(ConvolutionCut cut) {
    return cut.units() == 0
        ? "in device memory"
        : "%d x %d, %d".formatted(cut.across(), cut.down(), cut.bytes());
  }

  /// Of 40 images and sixteen blocks.
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        H200 + "; 28, 1, 16, 3; 16 x 7, 2768; in device memory; 1 x 40, 193024",
        H200 + "; 14, 16, 32, 3; 16 x 35, 112960; 16 x 21, 143424; 3 x 40, 193792",
        T4 + "; 14, 16, 32, 3; 32 x 4, 31616; 16 x 7, 60480; 3 x 12, 64768",
        T4 + "; 14, 16, 32, 5; 16 x 7, 48960; in device memory; 1 x 10, 57216",
        T4 + "; 14, 64, 128, 3; in device memory; in device memory; 3 x 12, 64768",
        H200 + "; 14, 16, 32, 4; in device memory; in device memory; in device memory",
      })
  void convolutionsAreCutToFit(
      int shared, String layer, String forwards, String below, String gradient) {
    var sizes = List.of(layer.split(", ")).stream().mapToInt(Integer::parseInt).toArray();
    var convolution = new Layer.Convolution(sizes[0], sizes[0], sizes[1], sizes[2], sizes[3]);
    var room = new Room(40, 256, 16, shared);
    assertThat(ALL.stream().map(cut -> described(cut.apply(convolution, room))))
        .containsExactly(forwards, below, gradient);
  }

  @Test
  void whatDoesNotFitIsInDeviceMemory() {
    for (var cut : ALL) {
      for (int side : new int[] {2, 7, 28, 224, 4000}) {
        for (int channels : new int[] {1, 3, 4, 64, 1024}) {
          for (int shared : new int[] {0, 4096, T4, H200}) {
            var layer = new Layer.Convolution(side, side + 1, channels, 20, 3);
            var found = cut.apply(layer, new Room(128, 256, 528, shared));
            assertThat(found.bytes()).isBetween(0, shared);
            assertThat(found.units() == 0).isEqualTo(found == ConvolutionCut.NONE);
            // How many blocks there are changes no sum, nor whether there is one.
            var fewer = cut.apply(layer, new Room(128, 256, 1, shared));
            assertThat(fewer.units() == 0).isEqualTo(found.units() == 0);
          }
        }
      }
      assertThat(cut.apply(new Layer.Convolution(1, 9, 4, 4, 3), new Room(9, 256, 16, T4)))
          .isEqualTo(ConvolutionCut.NONE);
      assertThat(cut.apply(new Layer.Dense(64, 10), new Room(9, 256, 16, T4)))
          .isEqualTo(ConvolutionCut.NONE);
    }
    var layer = new Layer.Convolution(14, 14, 16, 32, 3);
    assertThat(ConvolutionCut.gradient(layer, new Room(512, 256, 1, T4)).down())
        .isEqualTo(ConvolutionCut.gradient(layer, new Room(512, 256, 528, T4)).down());
  }
}
