/* Arithmetic of RV32IM where C's own operators do not say it: signed compares
 * and shifts, the upper half of products, division at its edges (RISC-V
 * unprivileged ISA, 2.4 and 7.2).  Shared by both executors.
 */
#ifndef DROSTE_ALU_H
#define DROSTE_ALU_H

#include <stdint.h>

static inline uint32_t alu_add(uint32_t a, uint32_t b)   { return a + b; }
static inline uint32_t alu_sub(uint32_t a, uint32_t b)   { return a - b; }
static inline uint32_t alu_and(uint32_t a, uint32_t b)   { return a & b; }
static inline uint32_t alu_or(uint32_t a, uint32_t b)    { return a | b; }
static inline uint32_t alu_xor(uint32_t a, uint32_t b)   { return a ^ b; }
static inline uint32_t alu_sll(uint32_t a, uint32_t b)   { return a << (b & 31); }
static inline uint32_t alu_srl(uint32_t a, uint32_t b)   { return a >> (b & 31); }
static inline uint32_t alu_sra(uint32_t a, uint32_t b)   { return (uint32_t)((int32_t)a >> (b & 31)); }
static inline uint32_t alu_slt(uint32_t a, uint32_t b)   { return (int32_t)a < (int32_t)b; }
static inline uint32_t alu_sltu(uint32_t a, uint32_t b)  { return a < b; }
static inline uint32_t alu_mul(uint32_t a, uint32_t b)   { return a * b; }

static inline uint32_t alu_mulh(uint32_t a, uint32_t b)
{
	return (uint32_t)((uint64_t)((int64_t)(int32_t)a * (int32_t)b) >> 32);
}

static inline uint32_t alu_mulhsu(uint32_t a, uint32_t b)
{
	return (uint32_t)((uint64_t)((int64_t)(int32_t)a * (int64_t)b) >> 32);
}

static inline uint32_t alu_mulhu(uint32_t a, uint32_t b) { return (uint32_t)((uint64_t)a * b >> 32); }
static inline uint32_t alu_divu(uint32_t a, uint32_t b)  { return b ? a / b : UINT32_MAX; }
static inline uint32_t alu_remu(uint32_t a, uint32_t b)  { return b ? a % b : a; }

/* In 64 bits, so that -2^31 / -1 wraps to itself instead of overflowing. */
static inline uint32_t alu_div(uint32_t a, uint32_t b)
{
	return b ? (uint32_t)((int64_t)(int32_t)a / (int32_t)b) : UINT32_MAX;
}

static inline uint32_t alu_rem(uint32_t a, uint32_t b)
{
	return b ? (uint32_t)((int64_t)(int32_t)a % (int32_t)b) : a;
}

static inline int alu_eq(uint32_t a, uint32_t b)         { return a == b; }
static inline int alu_ne(uint32_t a, uint32_t b)         { return a != b; }
static inline int alu_lt(uint32_t a, uint32_t b)         { return (int32_t)a < (int32_t)b; }
static inline int alu_ge(uint32_t a, uint32_t b)         { return (int32_t)a >= (int32_t)b; }
static inline int alu_ltu(uint32_t a, uint32_t b)        { return a < b; }
static inline int alu_geu(uint32_t a, uint32_t b)        { return a >= b; }

static inline uint32_t alu_sign8(uint32_t a)             { return (uint32_t)(int32_t)(int8_t)a; }
static inline uint32_t alu_sign16(uint32_t a)            { return (uint32_t)(int32_t)(int16_t)a; }

#endif
