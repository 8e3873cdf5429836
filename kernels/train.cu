// Fused training: many lanes (a configuration on a fold), mini-batch after mini-batch, for a whole epoch. FP32: training needs no more.
//
// train_epoch: for every mini-batch gather, forward, loss, backward and optimiser step, a block for each lane. Its weights stay in
//   shared memory, and so do, if `moments` says so, theirs; and the activations of shape.capacity rows, in whose parts a larger batch is
//   worked on (then with `sums`, shape.size floats for each lane). losses[b] := sum over the epoch's rows of the loss that each had when
//   its batch came up. Shared memory: 64 bytes, then 4 for each of size (times 3 with moments) + scratch.
// evaluate: forward only, over the rows of each lane in parts of shape.capacity. predictions (where not null): probabilities, or
//   standardised numbers, rows x outputs of each lane from its place on; losses[b] := sum of the losses.
//   Shared memory: 64 bytes, then 4 for each of size + scratch.
// train_phase: the same for lanes that are too large for a block, in device memory: all blocks of the same y do one phase of a lane's
//   step. In order: GATHER; FORWARD of each layer; HEAD (one block); where it learns then for each layer from the last one on GRADIENT
//   and, but of the lowest, BELOW. losses[y]: as above, summed from step 0 on. Shared memory: 64 bytes, or
//   what the cut of a convolution takes (staged.cuh), which changes no bit of what lanes get.
//   Launch of all: blocks of 256 threads (any whole warps), one for each live lane, of train_phase any number for each.
#include "train.cuh"

TRAINING(assay::Plain, f32)
