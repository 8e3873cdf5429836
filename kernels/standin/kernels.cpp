// Every kernel, compiled for the processor.
#define ASSAY_STANDIN
#include "../acquisition.cu"
#include "../cholesky.cu"
#include "../covariance.cu"
#include "../fit.cu"
#include "../lbfgsb.cu"
#include "../likelihood.cu"
#include "../posterior.cu"
#include "../solve.cu"
#include "../train.cu"
#include "faults.cu"
