/* The assisted monitor, for machines with SIE: a VM runs in interpretive execution, its
 * privileged instructions and its traps with it, until it needs us: for SIO, HALT and a
 * WAIT with nothing to come, when its quantum is over, for an attention, or because it is
 * itself a monitor and executes SIE.  Then its guest is run here, in its place: the
 * description that it gave is made one of our own, with the origin moved into its region,
 * and what ends that guest's run is told to it as by the machine.
 *
 * From the reference monitor come the allocator, boot, the scheduler, entry and, for the
 * reset of a VM, vm_reflect; this file is in the place of the dispatcher and of the
 * interpreter routines.
 */

#include "monitor/monitor.h"

#define NO_SIE 125 /* our exit code where there is none */

extern struct state_description description; /* at an address that x0 reaches */
extern const char interpret_guest[];
bool has_sie(void);

/* The guest of a VM that has executed SIE. */
struct nested {
	struct state_description *theirs; /* in the VM's storage; NULL: the VM runs itself */
	struct state_description guest;   /* as it stands; storage in the VM's terms */
};

static struct nested nested[DIRECTORY_ENTRIES];

static struct nested *nested_of(const struct vm *vm) { return &nested[vm - monitor.vms]; }

/* What a run changes of a description; and what is said of its end. */
static void copy_state(struct state_description *to, const struct state_description *from)
{
	to->psw = from->psw;
	to->clock[0] = from->clock[0];
	to->clock[1] = from->clock[1];
	to->trapped = from->trapped;
	to->pending = from->pending;
}

static void report(struct state_description *to, enum interception code, uint32_t parameter, uint32_t completed)
{
	to->code = code;
	to->parameter = parameter;
	to->completed = completed;
}

/* ---- what a VM's SIE does ------------------------------------------------ */

/* The VM's guest has stopped: what it is now is put where the VM said, which goes on. */
static void end_nested(const struct vm *vm, enum interception code, uint32_t parameter)
{
	struct nested *n = nested_of(vm);
	copy_state(n->theirs, &n->guest);
	report(n->theirs, code, parameter, n->guest.completed);
	n->theirs = NULL;
}

static void begin_nested(const struct vm *vm, struct state_description *theirs)
{
	if (!state_description_valid(theirs, vm->size)) {
		report(theirs, INTERCEPTION_VALIDITY, 0, 0);
		return;
	}
	struct nested *n = nested_of(vm);
	n->guest = *theirs;
	n->guest.psw = psw_normal(theirs->psw);
	n->guest.trapped &= 1;
	n->guest.completed = 0;
	n->theirs = theirs;
}

static uint32_t lowest_bit(uint32_t bits)
{
	uint32_t n = 0;
	while (!(bits >> n & 1))
		n++;
	return n;
}

/* The VM's own interrupts the machine takes; while it runs a guest, they end that. */
void __wrap_vm_reflect_interrupts(struct vm *vm);

void __wrap_vm_reflect_interrupts(struct vm *vm)
{
	if (!nested_of(vm)->theirs)
		return;
	if (vm_timer_due(vm)) {
		end_nested(vm, INTERCEPTION_TIMER, 0);
	} else if (vm->pending) {
		uint32_t line = lowest_bit(vm->pending);
		vm->pending &= vm->pending - 1;
		end_nested(vm, INTERCEPTION_ATTENTION, DEVICE_CONSOLE << 16 | line);
	}
}

/* ---- interpreter routines -------------------------------------------------- */

/* The machine has seen to it that the operand is legal. */
static void *operand(const struct vm *vm, uint32_t word)
{
	return vm_operand(vm, vm->x[isa_rs1(word)] + isa_imm_i(word), 1);
}

static void complete(struct vm *vm)
{
	vm->psw.pc += 4;
	vm_completed(vm, 1);
	vm->emulated++;
}

static void interpret_sio(struct vm *vm, uint32_t word)
{
	struct command_block *theirs = operand(vm, word), block = *theirs;
	complete(vm);
	enum condition cc = vm_sio(vm, &block);
	theirs->result = block.result;
	if (isa_rd(word) != 0)
		vm->x[isa_rd(word)] = cc;
}

static void interpret_sie(struct vm *vm, uint32_t word)
{
	struct state_description *theirs = operand(vm, word);
	complete(vm);
	begin_nested(vm, theirs);
}

static void interpret_halt(struct vm *vm, uint32_t word)
{
	complete(vm);
	vm->exit_code = vm->x[isa_rs1(word)] & 0xFF;
	vm_end(vm, VM_HALTED);
}

static void interpret_instruction(struct vm *vm, uint32_t word)
{
	if (isa_funct3(word) > 4)
		interpret_sie(vm, word);
	else if (ISA_SYSTEM_ROW(isa_funct7(word), isa_funct3(word)) == INSN_sio - INSN_SYSTEM)
		interpret_sio(vm, word);
	else if (isa_funct7(word) == 7)
		vm_wait(vm);
	else
		interpret_halt(vm, word);
}

/* ---- the dispatcher -------------------------------------------------------- */

/* Takes the VM's progress, or its guest's, from the description. */
static void charge(struct vm *vm)
{
	struct nested *n = nested_of(vm);
	if (n->theirs) {
		copy_state(&n->guest, &description);
		n->guest.completed += description.completed;
		vm_completed(vm, description.completed);
		return;
	}
	vm->psw = description.psw;
	vm->clock[0] = description.clock[0];
	vm->clock[1] = description.clock[1];
	vm->trapped = description.trapped;
	vm->pending = description.pending;
	monitor.quantum = less(monitor.quantum, description.completed);
}

/* The cause for which the VM would have trapped without SIE; of what it did itself, there
 * is no count. */
static void count_exit(struct vm *vm)
{
	enum cause cause = description.code == INTERCEPTION_TIMER       ? CAUSE_TIMER
	                   : description.code == INTERCEPTION_ATTENTION ? CAUSE_IO
	                   : description.code == INTERCEPTION_CHECK_STOP ? (enum cause)description.parameter
	                                                                 : CAUSE_PRIVILEGED;
	vm->exits[cause]++;
}

static void intercepted(struct vm *vm)
{
	if (description.code == INTERCEPTION_ATTENTION)
		attention(description.parameter & 0xFFFF);
	else if (description.code == INTERCEPTION_TIMER)
		return;
	else if (nested_of(vm)->theirs)
		end_nested(vm, description.code, description.parameter);
	else if (description.code == INTERCEPTION_INSTRUCTION)
		interpret_instruction(vm, description.parameter);
	else
		vm_end(vm, VM_CHECK_STOPPED);
}

/* Idle ends by attention.  A trap while a VM runs is our own fault: SIE has not ended then. */
void __wrap_dispatcher(void);

void __wrap_dispatcher(void)
{
	struct vm *vm = monitor.running;
	if (vm ? description.code == 0 : cells.cause != CAUSE_IO) {
		say("trapped in its own code, or idle and not by attention", NULL);
		check_stop_machine();
	}
	if (vm) {
		charge(vm);
		count_exit(vm);
		intercepted(vm);
	} else {
		attention(cells.tval & 0xFFFF);
	}
	schedule();
}

/* ---- the description ------------------------------------------------------- */

/* All of a VM's storage, or of its guest's within. */
static void describe(struct vm *vm)
{
	const struct nested *n = nested_of(vm);
	if (n->theirs) {
		copy_state(&description, &n->guest);
		description.origin = vm->region + n->guest.origin;
		description.extent = n->guest.extent;
	} else {
		description.psw = vm->psw;
		description.clock[0] = vm->clock[0];
		description.clock[1] = vm->clock[1];
		description.trapped = vm->trapped;
		description.pending = vm->pending;
		description.origin = vm->region;
		description.extent = vm->size;
	}
	description.code = 0;
}

/* Our timer ends the quantum; or, while a VM runs a guest, what the VM's timer has left of
 * it, if that is less.  It counts the SIE, too. */
void __wrap_schedule(void);
void __real_schedule(void);

void __wrap_schedule(void)
{
	__real_schedule();
	struct vm *vm = monitor.running;
	if (!vm)
		return;
	uint32_t timer = monitor.quantum;
	if (nested_of(vm)->theirs && vm->psw.status & STATUS_TE && vm->psw.timer < timer)
		timer = vm->psw.timer;
	if (timer == UINT32_MAX)
		timer--;
	vm->timer_loaded = timer;
	describe(vm);
	cells.resume = (struct psw){ (uint32_t)interpret_guest, STATUS_TE, 0, BOUND_ALL, timer + 1 };
}

/* ---- the beginning ----------------------------------------------------------- */

void __wrap_boot(void);
void __real_boot(void);

void __wrap_boot(void)
{
	if (!has_sie()) {
		say("this machine has no SIE: give it --profile sie, or take another monitor", NULL);
		halt_machine(NO_SIE);
	}
	__real_boot();
}
