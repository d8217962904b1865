/* The manual as code: one short function for each row of the instruction table.
 * These define what PG-32 does; the engine, the monitor and every check are
 * compared with them.  Called by step in trap.c, which has already counted the
 * instruction and moved psw.pc on (see execute_function).
 */

#include "alu.h"
#include "machine.h"

#define EXEC(name) static struct fault exec_##name(struct machine *m, uint32_t w)

static uint32_t rs1(const struct machine *m, uint32_t w) { return m->x[isa_rs1(w)]; }
static uint32_t rs2(const struct machine *m, uint32_t w) { return m->x[isa_rs2(w)]; }

/* The address that I-format operands of loads, JALR and System instructions name. */
static uint32_t address(const struct machine *m, uint32_t w) { return rs1(m, w) + isa_imm_i(w); }

/* rd <- value, which completes the instruction. */
static struct fault set(struct machine *m, uint32_t w, uint32_t value)
{
	if (isa_rd(w) != 0)
		m->x[isa_rd(w)] = value;
	return NO_FAULT;
}

/* ---- User ISA ----------------------------------------------------------- */

/* This instruction's own address. */
static uint32_t here(const struct machine *m) { return m->psw.pc - 4; }

static struct fault jump(struct machine *m, uint32_t target)
{
	if (target & 3)
		return fault(CAUSE_MISALIGNED, target);
	m->psw.pc = target;
	return NO_FAULT;
}

static struct fault jump_and_link(struct machine *m, uint32_t w, uint32_t target)
{
	uint32_t link = m->psw.pc;
	struct fault f = jump(m, target);
	return faulted(f) ? f : set(m, w, link);
}

static struct fault branch(struct machine *m, uint32_t w, int taken)
{
	return taken ? jump(m, here(m) + isa_imm_b(w)) : NO_FAULT;
}

EXEC(lui)    { return set(m, w, isa_imm_u(w)); }
EXEC(auipc)  { return set(m, w, here(m) + isa_imm_u(w)); }
EXEC(jal)    { return jump_and_link(m, w, here(m) + isa_imm_j(w)); }
EXEC(jalr)   { return jump_and_link(m, w, address(m, w) & ~UINT32_C(1)); }

EXEC(beq)    { return branch(m, w, alu_eq(rs1(m, w), rs2(m, w))); }
EXEC(bne)    { return branch(m, w, alu_ne(rs1(m, w), rs2(m, w))); }
EXEC(blt)    { return branch(m, w, alu_lt(rs1(m, w), rs2(m, w))); }
EXEC(bge)    { return branch(m, w, alu_ge(rs1(m, w), rs2(m, w))); }
EXEC(bltu)   { return branch(m, w, alu_ltu(rs1(m, w), rs2(m, w))); }
EXEC(bgeu)   { return branch(m, w, alu_geu(rs1(m, w), rs2(m, w))); }

static struct fault load(struct machine *m, uint32_t w, unsigned n, uint32_t (*extend)(uint32_t))
{
	uint32_t value;
	struct fault f = storage_load(m, address(m, w), n, &value);
	return faulted(f) ? f : set(m, w, extend ? extend(value) : value);
}

EXEC(lb)     { return load(m, w, 1, alu_sign8); }
EXEC(lh)     { return load(m, w, 2, alu_sign16); }
EXEC(lw)     { return load(m, w, 4, NULL); }
EXEC(lbu)    { return load(m, w, 1, NULL); }
EXEC(lhu)    { return load(m, w, 2, NULL); }

static struct fault store(struct machine *m, uint32_t w, unsigned n)
{
	return storage_store(m, rs1(m, w) + isa_imm_s(w), n, rs2(m, w));
}

EXEC(sb)     { return store(m, w, 1); }
EXEC(sh)     { return store(m, w, 2); }
EXEC(sw)     { return store(m, w, 4); }

EXEC(addi)   { return set(m, w, alu_add(rs1(m, w), isa_imm_i(w))); }
EXEC(slti)   { return set(m, w, alu_slt(rs1(m, w), isa_imm_i(w))); }
EXEC(sltiu)  { return set(m, w, alu_sltu(rs1(m, w), isa_imm_i(w))); }
EXEC(xori)   { return set(m, w, alu_xor(rs1(m, w), isa_imm_i(w))); }
EXEC(ori)    { return set(m, w, alu_or(rs1(m, w), isa_imm_i(w))); }
EXEC(andi)   { return set(m, w, alu_and(rs1(m, w), isa_imm_i(w))); }
EXEC(slli)   { return set(m, w, alu_sll(rs1(m, w), isa_rs2(w))); }
EXEC(srli)   { return set(m, w, alu_srl(rs1(m, w), isa_rs2(w))); }
EXEC(srai)   { return set(m, w, alu_sra(rs1(m, w), isa_rs2(w))); }

EXEC(add)    { return set(m, w, alu_add(rs1(m, w), rs2(m, w))); }
EXEC(sub)    { return set(m, w, alu_sub(rs1(m, w), rs2(m, w))); }
EXEC(sll)    { return set(m, w, alu_sll(rs1(m, w), rs2(m, w))); }
EXEC(slt)    { return set(m, w, alu_slt(rs1(m, w), rs2(m, w))); }
EXEC(sltu)   { return set(m, w, alu_sltu(rs1(m, w), rs2(m, w))); }
EXEC(xor)    { return set(m, w, alu_xor(rs1(m, w), rs2(m, w))); }
EXEC(srl)    { return set(m, w, alu_srl(rs1(m, w), rs2(m, w))); }
EXEC(sra)    { return set(m, w, alu_sra(rs1(m, w), rs2(m, w))); }
EXEC(or)     { return set(m, w, alu_or(rs1(m, w), rs2(m, w))); }
EXEC(and)    { return set(m, w, alu_and(rs1(m, w), rs2(m, w))); }
EXEC(mul)    { return set(m, w, alu_mul(rs1(m, w), rs2(m, w))); }
EXEC(mulh)   { return set(m, w, alu_mulh(rs1(m, w), rs2(m, w))); }
EXEC(mulhsu) { return set(m, w, alu_mulhsu(rs1(m, w), rs2(m, w))); }
EXEC(mulhu)  { return set(m, w, alu_mulhu(rs1(m, w), rs2(m, w))); }
EXEC(div)    { return set(m, w, alu_div(rs1(m, w), rs2(m, w))); }
EXEC(divu)   { return set(m, w, alu_divu(rs1(m, w), rs2(m, w))); }
EXEC(rem)    { return set(m, w, alu_rem(rs1(m, w), rs2(m, w))); }
EXEC(remu)   { return set(m, w, alu_remu(rs1(m, w), rs2(m, w))); }

EXEC(fence)   { (void)m, (void)w; return NO_FAULT; }
EXEC(fence_i) { (void)m, (void)w; return NO_FAULT; }

EXEC(ecall)  { (void)m, (void)w; return fault(CAUSE_SVC, 0); }
EXEC(ebreak) { (void)m, (void)w; return fault(CAUSE_BREAKPOINT, 0); }

/* ---- System ISA --------------------------------------------------------- */

EXEC(lpsw)   { return storage_load_psw(m, address(m, w), &m->psw); }
EXEC(spsw)   { return storage_store_psw(m, address(m, w), &m->psw); }

/* The data moves first, then the result word is stored: a transfer may cover
 * its own command block. */
EXEC(sio)
{
	uint32_t a = address(m, w), b[6];
	struct fault f = storage_load_words(m, a, 6, b);
	if (faulted(f))
		return f;
	struct command_block block = { b[0], b[1], b[2], b[3], b[4], 0 };
	enum condition cc = device_sio(m, &block);
	f = storage_store_words(m, a + 5 * 4, 1, &block.result);
	if (m->observer.transfer)
		m->observer.transfer(m->observer.self, m, &block, cc);
	return faulted(f) ? f : set(m, w, cc);
}

EXEC(stck)
{
	uint32_t clock[2] = { (uint32_t)m->clock, (uint32_t)(m->clock >> 32) };
	return storage_store_words(m, address(m, w), 2, clock);
}

EXEC(srb)
{
	m->psw.base = rs1(m, w) & ~UINT32_C(3);
	m->psw.bound = rs2(m, w);
	return NO_FAULT;
}

EXEC(lra)
{
	uint32_t a = rs1(m, w);
	bool legal = address_legal(a, 1, m->psw.base, m->psw.bound, m->extent);
	return set(m, w, legal ? m->psw.base + a : UINT32_MAX);
}

EXEC(ssm)
{
	uint32_t mask = rs1(m, w) & STATUS_MASK, old = m->psw.status;
	m->psw.status = (old & STATUS_M) | mask;
	return set(m, w, old & STATUS_MASK);
}

EXEC(stmr)
{
	uint32_t timer = rs1(m, w), old = m->psw.timer;
	m->psw.timer = timer;
	return set(m, w, old);
}

EXEC(rtmr)   { return set(m, w, m->psw.timer); }
EXEC(rdst)   { return set(m, w, m->psw.status); }

EXEC(retu)
{
	m->psw.status |= STATUS_M;
	m->psw.pc = rs1(m, w) & ~UINT32_C(3);
	return NO_FAULT;
}

/* With the timer running, either it has expired, and WAIT ends at once, or time
 * jumps to its expiry; the caller has counted 1 of that already. */
EXEC(wait)
{
	(void)w;
	if (m->pending_lines)
		return NO_FAULT;
	if (m->psw.status & STATUS_TE) {
		m->clock += m->psw.timer;
		m->psw.timer = 0;
		return NO_FAULT;
	}
	if (!device_may_wake(m))
		m->end = MACHINE_DISABLED_WAIT;
	return m->pending_lines ? NO_FAULT : fault(FAULT_STOP, 0);
}

EXEC(halt)
{
	m->end = MACHINE_HALTED;
	m->exit_code = (uint8_t)rs1(m, w);
	return NO_FAULT;
}

/* The guest begins once this has been counted: see sie_enter. */
EXEC(sie)
{
	uint32_t real;
	struct fault f = storage_locate_words(m, address(m, w), STATE_WORDS, &real);
	if (!faulted(f))
		m->host.description = real;
	return f;
}

execute_function *const execute_functions[INSNS] = {
#define INSN(name, format, match, class, effect) exec_##name,
#include "isa/isa.def"
};
