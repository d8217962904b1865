/* The patching monitor: where an instruction should trap in user mode and does not, it
 * puts a word that does, in the guest's own storage; the original is then interpreted.
 * All that is loaded is looked through, at IPL and when the disk is read, and the code
 * ahead whenever a VM is resumed.  What devices move is as the guest wrote it.  The
 * guest's own loads and stores go unseen, so that a guest that reads its code reads
 * patches, and one that makes code and falls or branches into it executes what should
 * have trapped.  The patches are declared (struct patch_list), so that a judge can tell
 * these two faults from the patches themselves.
 */

#include "monitors.h"

#define PATCHES_MOST 4096
#define FAR          256 /* instructions ahead */

static struct patch patches[PATCHES_MOST];
static struct patch *lifted; /* while the VM's next instruction is interpreted */

extern struct patch_list patch_list;
struct patch_list patch_list __attribute__((section(".anchor.patches"))) = {
	PATCHES_MAGIC, (uint32_t)patches, 0,
};

/* ---- one patch ---------------------------------------------------------- */

/* The word with custom-1 in the place of custom-0: illegal, and nothing is lost. */
#define PATCH_BIT 0x20

static uint32_t *word_of(const struct patch *p) { return (uint32_t *)p->at; }
static struct patch *patches_end(void) { return patches + patch_list.count; }

static void swap(const struct patch *p, uint32_t from, uint32_t to)
{
	if (*word_of(p) == from)
		*word_of(p) = to;
}

static void put(const struct patch *p) { swap(p, p->original, p->in_place); }
static void lift(const struct patch *p) { swap(p, p->in_place, p->original); }

static struct patch *find(const uint32_t *word)
{
	for (struct patch *p = patches; p < patches_end(); p++)
		if (word_of(p) == word)
			return p;
	return NULL;
}

/* One that the guest has since overwritten will do. */
static struct patch *free_entry(void)
{
	if (patch_list.count < PATCHES_MOST)
		return &patches[patch_list.count++];
	for (struct patch *p = patches; p < patches_end(); p++)
		if (*word_of(p) != p->in_place)
			return p;
	return NULL;
}

static void patch(uint32_t *word)
{
	if (!escapes(*word))
		return;
	struct patch *p = find(word);
	if (!p)
		p = free_entry();
	if (!p) {
		say("there is no room for more patches", NULL);
		check_stop_machine();
	}
	*p = (struct patch){ (uint32_t)word, *word, *word ^ PATCH_BIT };
	put(p);
}

/* ---- code ahead --------------------------------------------------------- */

static uint32_t *code_at(const struct vm *vm, const struct psw *psw, uint32_t a)
{
	return address_legal(a, 4, psw->base, psw->bound, vm->size) ? vm_storage(vm, psw->base + a) : NULL;
}

/* As far as it goes straight on, or may. */
static void patch_ahead(const struct vm *vm, const struct psw *psw)
{
	for (uint32_t n = 0; n < FAR; n++) {
		uint32_t *word = code_at(vm, psw, psw->pc + 4 * n);
		if (!word)
			return;
		patch(word);
		enum insn insn = isa_decode(*word);
		if (insn == INSN_jal || insn == INSN_jalr || insn >= INSN_ecall)
			return;
	}
}

uint32_t vm_direct(struct vm *vm, const struct psw *psw)
{
	if (lifted)
		put(lifted);
	patch_ahead(vm, psw);
	const uint32_t *word = code_at(vm, psw, psw->pc);
	lifted = word && isa_opcode(*word) == (ISA_OPCODE_SYSTEM ^ PATCH_BIT) ? find(word) : NULL;
	if (!lifted)
		return ALL;
	lift(lifted);
	return 0;
}

/* ---- what is loaded ----------------------------------------------------- */

static void patch_range(const struct vm *vm, uint32_t real, uint32_t n)
{
	uint32_t *end = vm_storage(vm, (real + n) & ~UINT32_C(3));
	for (uint32_t *word = vm_storage(vm, real & ~UINT32_C(3)); word < end; word++)
		patch(word);
}

/* Each patch with a byte in the range. */
static void for_range(const struct vm *vm, uint32_t real, uint32_t n, void (*change)(const struct patch *))
{
	uint32_t from = vm->region + real;
	for (struct patch *p = patches; p < patches_end(); p++)
		if (p->at - from < n || from - p->at < 4)
			change(p);
}

void __wrap_vm_ipl(struct vm *vm);
void __real_vm_ipl(struct vm *vm);

void __wrap_vm_ipl(struct vm *vm)
{
	__real_vm_ipl(vm);
	const struct trap_cells *image = vm_storage(vm, 0);
	if (image->magic == BOOT_MAGIC)
		patch_range(vm, 0, image->sectors * SECTOR);
}

enum condition __wrap_vm_sio(struct vm *vm, struct command_block *block);
enum condition __real_vm_sio(struct vm *vm, struct command_block *block);

enum condition __wrap_vm_sio(struct vm *vm, struct command_block *block)
{
	for_range(vm, block->buffer, block->count, lift);
	enum condition cc = __real_vm_sio(vm, block);
	for_range(vm, block->buffer, block->count, put);
	if (cc == CC_DONE && block->device == DEVICE_DISK && block->command == DISK_READ)
		patch_range(vm, block->buffer, block->count);
	return cc;
}
