// What the C that PTX is translated to (src/test/java/dev/assay/ptx) means and needs. Included by every such module, and
// by the stand-in that runs it: this is the border between the two.
//
// Compiled with -DPTX_CHECK, accesses go through ptx_at; with -DPTX_COUNT, they and basic blocks are counted; with
// -DPTX_DEVICE, what differs from card to card is as on a card: approximate instructions are off by up to 2 ulp, and
// results that are not a number are a device's. With none of them, accesses are plain.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PTX_ABI 2
#define PTX_EXPORT __attribute__((visibility("default")))

enum ptx_access { PTX_READ, PTX_WRITE, PTX_ATOMIC };
enum ptx_space { PTX_IN_GLOBAL, PTX_IN_SHARED, PTX_IN_LOCAL, PTX_IN_GENERIC };
enum ptx_mode { PTX_UP, PTX_DOWN, PTX_BFLY, PTX_IDX };

// In the order of dev.assay.ptx.Kind.
enum { PTX_KINDS = 25 };

struct ptx_axes {
  unsigned x, y, z;
};

/// What the running thread sees of its launch.
struct ptx_launch {
  struct ptx_axes thread, block_index, block, grid;
  unsigned char* shared;
  size_t shared_bytes;
  unsigned* visits;  // of the thread at hand: of each basic block, where they are counted
  bool watched;      // whether accesses of checked code are counted too
};
extern PTX_EXPORT struct ptx_launch ptx_now;

struct ptx_block {
  const char* function;
  int line;
  unsigned short kinds[PTX_KINDS];
};
/// The line of a .cu file that a PTX line came from; the last has line 0.
struct ptx_source {
  int line;
  const char* place;
};
struct ptx_entry {
  const char* name;
  int parameters;
  const unsigned* bytes;  // of each parameter
  void (*code)(unsigned char** arguments);
};
struct ptx_module {
  int abi;
  const struct ptx_entry* entries;  // the last has no name
  const struct ptx_block* blocks;
  int block_count;
  unsigned char* reached;  // of each block: whether any thread was there
  const struct ptx_source* sources;
};

// What the stand-in gives modules.
PTX_EXPORT void ptx_block_barrier(int line);
PTX_EXPORT void ptx_warp_barrier(uint32_t lanes, int line);
PTX_EXPORT uint32_t ptx_shuffle(
    enum ptx_mode mode, uint32_t value, uint32_t by, uint32_t segment, uint32_t lanes, bool* in, int line);
/// The bytes that a checked access reaches; a bad one ends the launch and does not return.
PTX_EXPORT unsigned char* ptx_at(enum ptx_space space, uint64_t address, unsigned bytes, enum ptx_access access, int line);
/// Notes a counted access.
PTX_EXPORT void ptx_seen(enum ptx_space space, const unsigned char* at, unsigned bytes, enum ptx_access access, int line);
/// Notes that the thread at hand enters a basic block.
PTX_EXPORT void ptx_passed(int block);
/// Adds a warp's product of 8 x 4 with 4 x 8 in FP64 (mma.sync.aligned.m8n8k4.row.col): a lane brings one number of each and has two sums.
PTX_EXPORT void ptx_mma_f64(double a, double b, double* sums, int line);
/// Adds a warp's product of 16 x 8 with 8 x 8 in TF32 (mma.sync.aligned.m16n8k8.row.col): a lane brings four numbers of the left side and two
/// of the right, and has four sums. Each is made in FP64 and rounded once; a card's may differ in the last bits.
PTX_EXPORT void ptx_mma_tf32(const uint32_t* a, const uint32_t* b, float* sums, int line);

/// The same of 16 x 16 with 16 x 8 in BF16 (mma.sync.aligned.m16n8k16.row.col), two neighbouring inner numbers a register.
PTX_EXPORT void ptx_mma_bf16(const uint32_t* a, const uint32_t* b, float* sums, int line);

/// An array of a thread's that is alive.
struct ptx_depot {
  unsigned char* memory;
  unsigned bytes;
  unsigned char* written;  // of each 4 bytes
  struct ptx_depot* outer;
};
PTX_EXPORT void ptx_enter(struct ptx_depot* depot);
PTX_EXPORT void ptx_leave(struct ptx_depot* depot);

#ifndef __cplusplus

#if defined(PTX_CHECK)
#define PTX_GLOBAL(a, n, how, line) ptx_at(PTX_IN_GLOBAL, a, n, how, line)
#define PTX_SHARED(a, n, how, line) ptx_at(PTX_IN_SHARED, (uint32_t)(a), n, how, line)
#define PTX_LOCAL(a, n, how, line) ptx_at(PTX_IN_LOCAL, a, n, how, line)
#define PTX_GENERIC(a, n, how, line) ptx_at(PTX_IN_GENERIC, a, n, how, line)
#define PTX_DEPOT(name, n)                                                                      \
  unsigned char written_##name[(n + 3) / 4];                                                     \
  memset(written_##name, 0, sizeof written_##name);                                               \
  struct ptx_depot depot_##name __attribute__((cleanup(ptx_leave))) = {name, n, written_##name, 0}; \
  ptx_enter(&depot_##name);
#else
#define PTX_DEPOT(name, n)
#if defined(PTX_COUNT)
static inline unsigned char* ptx_seen_at(
    enum ptx_space space, unsigned char* at, unsigned bytes, enum ptx_access access, int line) {
  ptx_seen(space, at, bytes, access, line);
  return at;
}
#define PTX_REACH(space, at, n, how, line) ptx_seen_at(space, at, n, how, line)
#else
#define PTX_REACH(space, at, n, how, line) (at)
#endif
#define PTX_GLOBAL(a, n, how, line) PTX_REACH(PTX_IN_GLOBAL, (unsigned char*)(a), n, how, line)
#define PTX_SHARED(a, n, how, line) PTX_REACH(PTX_IN_SHARED, shared + (uint32_t)(a), n, how, line)
#define PTX_LOCAL(a, n, how, line) ((unsigned char*)(a))
#define PTX_GENERIC(a, n, how, line) PTX_REACH(PTX_IN_GENERIC, (unsigned char*)(a), n, how, line)
#endif

#if defined(PTX_COUNT)
#define PTX_BLOCK(k) ptx_now.visits[k]++; reached[k] = 1; ptx_passed(k);
#elif defined(PTX_CHECK)
#define PTX_BLOCK(k) reached[k] = 1; if (ptx_now.watched) ptx_passed(k);
#else
#define PTX_BLOCK(k) reached[k] = 1;
#endif

// Bits

static inline float ptx_as_f32(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}
static inline double ptx_as_f64(uint64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}
/// Rounded to the nearest number with 10 bits of mantissa, of two the one further from 0.
static inline uint32_t ptx_rna_tf32_f32(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return value != value ? 0x7fffe000u : (bits + 0x1000) & ~0x1fffu;
}
/// Rounded to the nearest number with 7 bits of mantissa, of two as near to the even one; the second in the lower half.
static inline uint32_t ptx_rn_bf16_f32(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return value != value ? 0x7fffu : (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}
static inline uint32_t ptx_rn_bf16x2_f32(float high, float low) {
  return ptx_rn_bf16_f32(high) << 16 | ptx_rn_bf16_f32(low);
}
static inline uint32_t ptx_bits_f32(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}
static inline uint64_t ptx_bits_f64(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

#if defined(PTX_DEVICE)
static inline float ptx_rounded_f32(float value) { return value == value ? value : ptx_as_f32(0x7fffffffu); }
static inline double ptx_rounded_f64(double value) { return value == value ? value : ptx_as_f64(0x7ff8000000000000u); }
#define PTX_ROUNDED_F32(value) ptx_rounded_f32(value)
#define PTX_ROUNDED_F64(value) ptx_rounded_f64(value)
#else
#define PTX_ROUNDED_F32(value) (value)
#define PTX_ROUNDED_F64(value) (value)
#endif

// Whole numbers: division by zero and of the lowest number by -1 end a program on x86 and none on a device, shifts by
// the width or more leave nothing but the sign.

#define PTX_DIVIDE(name, type)                                                                            \
  static inline type ptx_div_##name(type a, type b) {                                                     \
    return b == 0 ? (type)-1 : b == (type)-1 && (type)-1 < 0 ? (type)(0 - (uint64_t)a) : (type)(a / b);   \
  }                                                                                                       \
  static inline type ptx_rem_##name(type a, type b) {                                                     \
    return b == 0 ? a : b == (type)-1 && (type)-1 < 0 ? (type)0 : (type)(a % b);                          \
  }                                                                                                       \
  static inline type ptx_shr_##name(type a, uint32_t by) {                                                \
    return by >= 8 * sizeof(type) ? (type)(a < 0 ? -1 : 0) : (type)(a >> by);                             \
  }
PTX_DIVIDE(s16, int16_t)
PTX_DIVIDE(u16, uint16_t)
PTX_DIVIDE(s32, int32_t)
PTX_DIVIDE(u32, uint32_t)
PTX_DIVIDE(s64, int64_t)
PTX_DIVIDE(u64, uint64_t)

#define PTX_BITS(name, type)                                                            \
  static inline type ptx_shl_##name(type a, uint32_t by) {                              \
    return by >= 8 * sizeof(type) ? (type)0 : (type)(a << by);                          \
  }                                                                                     \
  static inline type ptx_bfi_##name(type a, type b, uint32_t from, uint32_t length) {   \
    from &= 255;                                                                        \
    length &= 255;                                                                      \
    if (from >= 8 * sizeof(type) || length == 0) return b;                              \
    type mask = length >= 8 * sizeof(type) ? ~(type)0 : ((type)1 << length) - 1;        \
    return (b & ~(type)(mask << from)) | ((a & mask) << from);                          \
  }                                                                                     \
  static inline type ptx_brev_##name(type a) {                                          \
    type r = 0;                                                                         \
    for (unsigned i = 0; i < 8 * sizeof(type); i++) r |= (a >> i & 1) << (8 * sizeof(type) - 1 - i); \
    return r;                                                                           \
  }
PTX_BITS(b32, uint32_t)
PTX_BITS(b64, uint64_t)

/// Four of the eight bytes of b and a, by the digits of `which`; with its fourth bit a digit gives the byte's sign eight times.
static inline uint32_t ptx_prmt_b32(uint32_t a, uint32_t b, uint32_t which) {
  uint64_t bytes = (uint64_t)b << 32 | a;
  uint32_t r = 0;
  for (unsigned k = 0; k < 4; k++) {
    unsigned digit = which >> 4 * k & 15, byte = bytes >> 8 * (digit & 7) & 0xff;
    if (digit & 8) byte = byte & 0x80 ? 0xff : 0;
    r |= (uint32_t)byte << 8 * k;
  }
  return r;
}
static inline uint16_t ptx_shl_b16(uint16_t a, uint32_t by) { return by >= 16 ? 0 : (uint16_t)(a << by); }

static inline uint32_t ptx_add_u32(unsigned char* at, uint32_t value) {
  uint32_t before = *(uint32_t*)at;  // threads run one after the other: nothing comes in between
  *(uint32_t*)at = before + value;
  return before;
}

// Numbers

#define ptx_fma_f32 __builtin_fmaf
#define ptx_fma_f64 __builtin_fma
#define ptx_sqrt_f32 __builtin_sqrtf
#define ptx_sqrt_f64 __builtin_sqrt
#define ptx_abs_f32 __builtin_fabsf
#define ptx_abs_f64 __builtin_fabs
#define ptx_copysign_f32 __builtin_copysignf
#define ptx_copysign_f64 __builtin_copysign

// Of two operands the one that is a number; -0 is below +0.
#define PTX_ORDER(name, type)                                                       \
  static inline type ptx_min_##name(type a, type b) {                               \
    return a != a ? b : b != b ? a : a == b ? (__builtin_signbit(a) ? a : b) : a < b ? a : b; \
  }                                                                                 \
  static inline type ptx_max_##name(type a, type b) {                               \
    return a != a ? b : b != b ? a : a == b ? (__builtin_signbit(a) ? b : a) : a > b ? a : b; \
  }                                                                                 \
  static inline type ptx_flushed_##name(type a) {                                   \
    return __builtin_isnormal(a) || a != a || __builtin_isinf(a) ? a : ptx_copysign_##name(0, a); \
  }
PTX_ORDER(f32, float)
PTX_ORDER(f64, double)

/// The sign of rounded - (a + b), where sum is a + b in double.
static inline int ptx_error(double a, double b, double sum, float rounded) {
  if ((double)rounded != sum) return (double)rounded > sum ? 1 : -1;
  double t = sum - a, error = (a - (sum - t)) + (b - t);
  return error < 0 ? 1 : error > 0 ? -1 : 0;
}
/// Rounded towards minus infinity; the product is exact in double.
static inline float ptx_fma_rm_f32(float a, float b, float c) {
  double product = (double)a * b, sum = product + c;
  float rounded = (float)sum;
  if (sum == 0 && (__builtin_signbit(product) || __builtin_signbit(c))) return -0.0f;
  if (sum != sum || __builtin_isinf(sum)) return rounded;
  return ptx_error(product, c, sum, rounded) > 0 ? __builtin_nextafterf(rounded, -__builtin_inff()) : rounded;
}
/// Rounded towards zero.
static inline float ptx_add_rz_f32(float a, float b) {
  double sum = (double)a + b;
  float rounded = (float)sum;
  if (sum != sum || __builtin_isinf(sum)) return rounded;
  int error = ptx_error(a, b, sum, rounded);
  return (rounded > 0 && error > 0) || (rounded < 0 && error < 0) ? __builtin_nextafterf(rounded, 0.0f) : rounded;
}

/// From -2 to 2, by the operand.
static inline int ptx_noise(uint64_t bits) {
#if defined(PTX_DEVICE)
  bits = (bits ^ bits >> 31) * 0x9e3779b97f4a7c15u;
  return (int)((bits >> 40) % 5) - 2;
#else
  (void)bits;
  return 0;
#endif
}
/// A positive or negative normal number so many units in the last place away from zero, if it stays one.
static inline float ptx_off(float value, int ulps) {
  float moved = ptx_as_f32(ptx_bits_f32(value) + (uint32_t)ulps);
  return __builtin_isnormal(value) && __builtin_isnormal(moved) ? moved : value;
}
/// A device gives these to about 2 ulp: here they are exact, or off at random by as much.
static inline float ptx_ex2_approx_f32(float a) {
  float flushed = ptx_flushed_f32(a);
  return flushed == 0 ? 1 : ptx_off(ptx_flushed_f32(__builtin_exp2f(flushed)), ptx_noise(ptx_bits_f32(a)));
}
static inline float ptx_rcp_approx_f32(float a) {
  return ptx_off(ptx_flushed_f32(1 / ptx_flushed_f32(a)), ptx_noise(ptx_bits_f32(a)));
}
/// Off by one of the two: the ISA bounds the relative error by 2^-23.
static inline float ptx_sqrt_approx_f32(float a) {
  int off = ptx_noise(ptx_bits_f32(a));
  return ptx_off(ptx_flushed_f32(__builtin_sqrtf(ptx_flushed_f32(a))), off < 0 ? -1 : off > 0);
}
/// Only the upper word of the result is kept, as on a device.
static inline double ptx_rcp_approx_f64(double a) {
  double r = ptx_flushed_f64(1 / ptx_flushed_f64(a));
  if (r != r || __builtin_isinf(r) || r == 0) return r;
  uint32_t upper = (uint32_t)(ptx_bits_f64(r) >> 32);
  double moved = ptx_as_f64((uint64_t)(upper + (uint32_t)ptx_noise(ptx_bits_f64(a))) << 32);
  return __builtin_isnormal(moved) ? moved : ptx_as_f64((uint64_t)upper << 32);
}
/// Neither of the operand is more read than its upper word.
static inline double ptx_rsqrt_approx_f64(double a) {
  if (a == a) a = ptx_as_f64(ptx_bits_f64(a) >> 32 << 32);
  double r = 1 / __builtin_sqrt(ptx_flushed_f64(a));
  if (r != r || __builtin_isinf(r) || r == 0) return r;
  uint32_t upper = (uint32_t)(ptx_bits_f64(r) >> 32);
  return ptx_as_f64((uint64_t)(upper + (uint32_t)ptx_noise(ptx_bits_f64(a))) << 32);
}

// Conversions: towards zero, held within the type; what is not a number is 0, or the highest bit where 64 bits are
// involved.
#define PTX_TRUNCATE(to, type, from, real, low, high)                                          \
  static inline type ptx_rzi_##to##_##from(real a) {                                           \
    if (a != a) return sizeof(type) == 8 || sizeof(real) == 8 ? (type)1 << (8 * sizeof(type) - 1) : 0; \
    if (a >= (real)high) return (type)-1 < 0 ? ~((type)1 << (8 * sizeof(type) - 1)) : (type)-1; \
    return a <= (real)low ? (type)((type)-1 < 0 ? (type)1 << (8 * sizeof(type) - 1) : 0) : (type)a; \
  }
PTX_TRUNCATE(s32, int32_t, f32, float, -0x1p31, 0x1p31)
PTX_TRUNCATE(s32, int32_t, f64, double, -0x1p31, 0x1p31)
PTX_TRUNCATE(u32, uint32_t, f32, float, 0, 0x1p32)
PTX_TRUNCATE(u32, uint32_t, f64, double, 0, 0x1p32)
PTX_TRUNCATE(s64, int64_t, f32, float, -0x1p63, 0x1p63)
PTX_TRUNCATE(s64, int64_t, f64, double, -0x1p63, 0x1p63)
PTX_TRUNCATE(u64, uint64_t, f32, float, 0, 0x1p64)
PTX_TRUNCATE(u64, uint64_t, f64, double, 0, 0x1p64)
/// Within 0 and 1; what is not a number is 0.
static inline float ptx_sat_f32(float a) { return a > 0 ? (a < 1 ? a : 1) : 0; }

#endif

#ifdef __cplusplus
}
#endif
