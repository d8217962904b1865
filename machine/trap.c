/* One step of a machine, and traps: what Popek and Goldberg write as
 * E[0] <- old PSW; PSW <- E[1].  step is called by the run loop and decides, in
 * the manual's order, whether an interrupt, an instruction or a trap comes next.
 */

#include "machine.h"

/* The PSW is replaced, or not for want of a completed instruction. */
static void replace_psw(struct machine *m)
{
	if (m->trapped) {
		m->end = MACHINE_CHECK_STOPPED;
	} else {
		storage_read_psw(m, m->origin + CELL_NEW_PSW, &m->psw);
		m->trapped = true;
	}
}

static void replace_psw_observed(struct machine *m, enum cause cause, uint32_t tval)
{
	struct psw old = sie_psw(m);
	replace_psw(m);
	m->observer.trap(m->observer.self, m, old, cause, tval);
}

void trap_take(struct machine *m, enum cause cause, uint32_t tval)
{
	storage_write_trap(m, cause, tval);
	if (m->trapped && m->interpretive) {
		sie_end(m, INTERCEPTION_CHECK_STOP, cause);
		return;
	}
	m->counts.traps[cause]++;
	if (m->observer.trap)
		replace_psw_observed(m, cause, tval);
	else
		replace_psw(m);
}

/* The lowest pending line, no longer pending. */
static unsigned take_attention(struct machine *m)
{
	unsigned line = 0;
	if (!m->interpretive)
		return device_take_attention(m);
	while (!(m->pending_lines >> line & 1))
		line++;
	m->pending_lines &= m->pending_lines - 1;
	return line;
}

static void take_interrupt(struct machine *m)
{
	if (trap_timer_due(m))
		trap_take(m, CAUSE_TIMER, 0);
	else
		trap_take(m, CAUSE_IO, DEVICE_CONSOLE << 16 | take_attention(m));
}

/* The interrupt that step_interrupts has seen: the host's, if there is one, comes first. */
static void interrupt(struct machine *m)
{
	if (m->interpretive && sie_interrupted(m))
		sie_interrupt(m);
	else
		take_interrupt(m);
}

static enum user_action user_action(const struct machine *m, enum insn insn)
{
	if (insn < INSN_SYSTEM || !(m->psw.status & STATUS_M))
		return USER_EXECUTE;
	return m->profile->user[insn - INSN_SYSTEM];
}

/* What user mode does on a machine where insn does not trap but is ignored: the
 * results in registers and storage, with the PSW left alone. */
static struct fault execute_ignored(struct machine *m, enum insn insn, uint32_t word)
{
	if (insn == INSN_sio || insn == INSN_wait || insn == INSN_halt || insn == INSN_sie)
		return NO_FAULT;
	struct psw kept = m->psw;
	struct fault f = execute_functions[insn](m, word);
	m->psw = kept;
	return f;
}

/* What LRA does in user mode of a machine with another instruction in its place. */
static struct fault execute_in_place_of_lra(struct machine *m, enum user_action action, uint32_t word)
{
	uint32_t a = m->x[isa_rs1(word)], result = UINT32_MAX;
	if (action == USER_HASH)
		result = m->psw.base + 8 * (a >> 9);
	else if (address_legal(a, 1, m->psw.base, m->psw.bound, m->extent))
		return fault(CAUSE_PRIVILEGED, word);
	if (isa_rd(word) != 0)
		m->x[isa_rd(word)] = result;
	return NO_FAULT;
}

/* What user mode does, if it neither traps at once nor executes. */
static struct fault execute_otherwise(struct machine *m, enum user_action action, enum insn insn, uint32_t word)
{
	if (action == USER_IGNORE)
		return execute_ignored(m, insn, word);
	return insn == INSN_lra ? execute_in_place_of_lra(m, action, word) : fault(CAUSE_PRIVILEGED, word);
}

/* Completes an instruction and counts it, or leaves everything as it was. */
static struct fault complete(struct machine *m, enum insn insn, enum user_action action, uint32_t word)
{
	uint32_t pc = m->psw.pc, timer = m->psw.timer, user = m->psw.status & STATUS_M;
	m->psw.pc = pc + 4;
	m->psw.timer = timer - (m->psw.status & STATUS_TE && timer > 0);
	m->clock++;
	struct fault f = action == USER_EXECUTE ? execute_functions[insn](m, word) : execute_otherwise(m, action, insn, word);
	if (faulted(f)) {
		m->psw.pc = pc;
		m->psw.timer = timer;
		m->clock--;
		return f;
	}
	if (m->profile->features & FEATURE_TIMER_CELL)
		storage_write_real(m, m->origin + CELL_TIMER, 1, &m->psw.timer);
	m->trapped = false;
	m->counts.instructions++;
	m->counts.user_instructions += user;
	return NO_FAULT;
}

/* The same with a System instruction: it may be another's to do, and the observer is told. */
static __attribute__((noinline)) struct fault complete_system(struct machine *m, enum insn insn, enum user_action action, uint32_t word)
{
	if (m->interpretive && action == USER_EXECUTE && sie_intercepts(m, insn))
		return sie_intercept(m, insn, word);
	struct psw before = sie_psw(m);
	struct fault f = complete(m, insn, action, word);
	if (faulted(f))
		return f;
	if (insn == INSN_sie && action == USER_EXECUTE)
		sie_enter(m);
	if (m->observer.system)
		m->observer.system(m->observer.self, m, insn, before);
	return f;
}

static struct fault instruction(struct machine *m, enum insn insn, uint32_t word)
{
	if (insn >= INSN_ASSIST && !profile_has(m->profile, insn))
		return fault(CAUSE_ILLEGAL, word);
	enum user_action action = user_action(m, insn);
	if (action == USER_TRAP)
		return fault(CAUSE_PRIVILEGED, word);
	if (insn >= INSN_SYSTEM && (m->observer.system || m->profile->features & FEATURE_SIE))
		return complete_system(m, insn, action, word);
	return complete(m, insn, action, word);
}

bool step_found(struct machine *m, enum insn insn, uint32_t word)
{
	struct fault f = instruction(m, insn, word);
	if (f.cause >= 0)
		trap_take(m, (enum cause)f.cause, f.tval);
	return f.cause != FAULT_STOP;
}

bool step(struct machine *m)
{
	uint32_t word;
	if (m->end != MACHINE_RUNNING)
		return false;
	if (step_interrupts(m)) {
		interrupt(m);
		return true;
	}
	struct fault f = storage_load(m, m->psw.pc, 4, &word);
	if (!faulted(f))
		return step_found(m, isa_decode(word), word);
	trap_take(m, CAUSE_MEMORY, f.tval);
	return true;
}
