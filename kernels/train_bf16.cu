// Fused training as in train.cu, with the products of dense layers by tensor instructions: operands in BF16, sums in FP32. Everything
// else, convolutions too, is FP32 as there; shapes, launches and memory are those of train.cu. Compute capability 8.0 and later.
#include "tensor.cuh"
#include "train.cuh"

TRAINING(assay::Bf16, bf16)
