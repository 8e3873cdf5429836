// Sums of n numbers, one for each work group: a work item adds tile of them, `vector` at a time, then the group adds up in local memory.
#if vector == 1
typedef int numbers;
#define total(v) (v)
#elif vector == 2
typedef int2 numbers;
#define total(v) ((v).x + (v).y)
#else
typedef int4 numbers;
#define total(v) ((v).x + (v).y + (v).z + (v).w)
#endif

__kernel __attribute__((reqd_work_group_size(block_x, 1, 1)))
void reduction(__global const numbers *restrict in, __global int *restrict sum) {
  __local int shared[block_x];
  const int own = get_local_id(0);
  numbers part = (numbers)(0);
  for (int i = get_group_id(0) * block_x * tile + own, k = 0; k < tile; k++, i += block_x)
    if (i < n / vector) part += in[i];
  // What `vector` does not divide, the first group adds.
  const int rest = get_group_id(0) == 0 && own < n % vector ? ((__global const int *)in)[n - n % vector + own] : 0;
  shared[own] = total(part) + rest;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int reach = block_x / 2; reach > 0; reach /= 2) {
    if (own < reach) shared[own] += shared[own + reach];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (own == 0) atomic_add(sum, shared[0]);
}
