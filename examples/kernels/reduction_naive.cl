// One work item adds everything: what reduction.cl is verified against.
__kernel void reduction_naive(__global const int *in, __global int *sum) {
  int total = 0;
  for (int i = 0; i < n; i++) total += in[i];
  sum[0] = total;
}
